import { basename, join } from 'node:path';
import { z } from 'zod';
import { changeSource, isChanged, journalOf } from '../../kernel/source/index.ts';
import type { VendorDriver } from '../../kernel/vendor/index.ts';
import { sha256File } from '../../system/files.ts';
import { toolIdentity } from '../../system/tools.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import type { SourceResult } from './source.ts';

const changesResultSchema = z.object({
  /** Absolute paths of the files that the tree has now, and that differ from the package's. */
  files: z.array(z.string()),
  /** The record of the changes; absent without any. */
  journal: z.string().exactOptional(),
});
type ChangesResult = z.infer<typeof changesResultSchema>;

/** To be raised when this stage makes something else out of the same patches. */
const revision = 1;

/** With the prepared tree, so that they go when it does. */
function changesFolder(workspace: Workspace): string {
  return join(workspace.source, 'changes');
}

/**
 * What comes between the source and the configuration when somebody wants the source to be other
 * than the package has it, or wanted it in an earlier run; undefined where neither is so.
 */
export async function changesStage(
  request: BuildRequest,
  workspace: Workspace,
  source: StageOutcome<SourceResult>,
  given: readonly VendorDriver[],
): Promise<Stage<ChangesResult> | undefined> {
  const { patches = [] } = request;
  const drivers = given.filter(({ builtIn }) => builtIn);
  const hasChanges = patches.length > 0 || drivers.length > 0;
  const folder = changesFolder(workspace);
  if (!hasChanges && !(await isChanged(folder))) return undefined;
  const { tree } = source.result;
  return {
    name: 'changes',
    title: hasChanges ? 'Change the source' : 'Take back the changes',
    determinants: {
      revision,
      source: source.digest,
      // Their names are told when one does not apply, and change nothing else.
      patches: await Promise.all(patches.map(sha256File)),
      drivers: drivers.map(({ name, sha256 }) => `${name} ${sha256}`),
      tools: ['patch'].map(toolIdentity),
    },
    schema: changesResultSchema,
    clean: [],
    outputs: ({ files, journal }) => (journal === undefined ? files : [...files, journal]),
    async run({ step, signal, log }) {
      const changes = await changeSource({
        tree,
        folder,
        patches,
        drivers,
        log,
        ...(signal === undefined ? {} : { signal }),
      });
      if (!hasChanges) return { files: [] };
      const names = [...patches.map((path) => basename(path)), ...drivers.map(({ name }) => name)];
      step.note(`${names.join(', ')}: ${changes.length} files`);
      return {
        files: changes.filter(({ by }) => by !== undefined).map(({ path }) => join(tree, path)),
        journal: journalOf(folder),
      };
    },
  };
}

/**
 * The source with its changes: what the later stages go by. Where they have been taken back it is
 * the very one that it was before any.
 */
export function changedSource(
  source: StageOutcome<SourceResult>,
  changes: StageOutcome<ChangesResult>,
): StageOutcome<SourceResult> {
  if (changes.result.journal === undefined) return source;
  return { result: source.result, digest: `${source.digest} ${changes.digest}` };
}
