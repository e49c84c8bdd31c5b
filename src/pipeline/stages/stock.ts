import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readConfigValues, signingMeans, trustSettings } from '../../kernel/compile/index.ts';
import { digestStock, findSigners, openStock } from '../../kernel/stock/index.ts';
import { exists, readTextFile, sha256File, writeWhole } from '../../system/files.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import type { SourceResult } from './source.ts';

const stockResultSchema = z.object({
  /** What the stock kernel is read from. */
  sources: z.array(z.object({ name: z.string(), sha256: z.string() })),
  /** The certificates of stock's own keyring by which its modules are signed. */
  trusted: z.array(z.object({ subject: z.string(), sha256: z.string(), pem: z.string() })),
  /** PEM file with all that the image is to trust; absent if the config's own is enough. */
  trustedKeys: z.string().exactOptional(),
});
/** What a build has to know of the stock kernel before it configures its own. */
export type StockResult = z.infer<typeof stockResultSchema>;

/** To be raised when this stage finds out something else of the same kernel. */
const revision = 1;

const certificatesName = 'trusted-certificates.pem';

/** The certificates of a PEM file; whatever else stands in it is passed over. */
function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** The certificates that the config has the image trust anyway (CONFIG_SYSTEM_TRUSTED_KEYS). */
async function ownTrusted(tree: string, config: string): Promise<X509Certificate[]> {
  const named = (readConfigValues(config).get('SYSTEM_TRUSTED_KEYS') ?? '').replaceAll('"', '');
  const file = resolve(tree, named);
  return named !== '' && (await exists(file)) ? certificatesIn(await readFile(file, 'latin1')) : [];
}

/** Before stage 2: by which certificates the stock modules are signed, so that the image trusts them. */
export async function stockStage(
  request: BuildRequest,
  workspace: Workspace,
  source: StageOutcome<SourceResult>,
): Promise<Stage<StockResult> | undefined> {
  if (typeof request.modules !== 'object') return undefined;
  const { stock: paths } = request.modules;
  const { tree, target, shippedConfig } = source.result;
  const config = request.config ?? shippedConfig;
  const sources = await digestStock({ paths, release: target.kernelRelease });
  return {
    name: 'stock',
    title: 'Look at the stock kernel',
    determinants: {
      revision,
      source: source.digest,
      config: request.config === undefined ? 'shipped' : await sha256File(request.config),
      stock: sources.map(({ sha256 }) => sha256),
    },
    schema: stockResultSchema,
    clean: [workspace.stock],
    outputs: ({ trustedKeys }) => (trustedKeys === undefined ? [] : [trustedKeys]),
    async run({ step, signal }) {
      await using stock = await openStock({
        paths,
        parts: ['modules', 'image'],
        release: target.kernelRelease,
        ...(signal === undefined ? {} : { signal }),
      });
      const shipped = await readTextFile(config, 'config');
      if (trustSettings(shipped, await signingMeans(tree)).length === 0) {
        step.note('the config has no keyring for further certificates');
        return { sources, trusted: [] };
      }
      const signers = await findSigners(stock, step, signal);
      const trusted = signers.map((signer) => ({
        subject: signer.subject.split('\n').join(', '),
        sha256: signer.fingerprint256.replaceAll(':', '').toLowerCase(),
        pem: signer.toString(),
      }));
      step.note(trusted.map(({ subject }) => subject).join('; ') || 'no certificate found');
      const own = await ownTrusted(tree, shipped);
      const known = new Set(own.map(({ fingerprint256 }) => fingerprint256));
      if (signers.every(({ fingerprint256 }) => known.has(fingerprint256))) {
        return { sources, trusted };
      }
      await mkdir(workspace.stock, { recursive: true });
      const trustedKeys = join(workspace.stock, certificatesName);
      await writeWhole(trustedKeys, [...own, ...signers].map(String).join(''));
      return { sources, trusted, trustedKeys };
    },
  };
}
