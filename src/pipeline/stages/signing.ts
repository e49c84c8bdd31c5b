import { readConfigValues, signsModules } from '../../kernel/compile/index.ts';
import {
  givenCertificate,
  givenSigningKey,
  ownSigningKey,
  type SigningKey,
} from '../../kernel/modules/index.ts';
import { readTextFile } from '../../system/files.ts';
import type { Step } from '../../system/progress.ts';
import type { BuildRequest } from '../request.ts';
import type { Workspace } from '../workspace.ts';

/** The key that modules are signed with, or its certificate alone; nothing for a kernel that signs none. */
export type SigningResult = Partial<Pick<SigningKey, 'keyFile' | 'certificate'>>;

/**
 * Finds the signing key: the user's, or the workspace's own, which is made the
 * first time. No stage: a key is kept whatever else changes.
 *
 * @throws BootwrightError `BW-MODULES-KEY`, `BW-TOOL-MISSING`
 */
export async function findSigningKey(
  request: BuildRequest,
  workspace: Workspace,
  config: string,
  step: Step,
  signal?: AbortSignal,
): Promise<SigningResult> {
  if (!signsModules(readConfigValues(await readTextFile(config, 'config')))) return {};
  if (request.signatures !== undefined) return givenCertificate(request.signatures.certificate);
  const key =
    request.signKey === undefined
      ? await ownSigningKey(workspace.keys, signal)
      : await givenSigningKey(request.signKey);
  if (key.warning !== undefined) step.warn(key.warning);
  return key;
}
