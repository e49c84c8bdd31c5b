import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, writeWhole } from '../../system/files.ts';
import { type ConfigSetting, readConfigValues } from './config-values.ts';

/**
 * Where kbuild finds the module signing key (PEM: private key and certificate),
 * relative to the folder of the objects. Not in `certs/`, where kbuild may
 * overwrite it, and the same in every workspace, since the config ships.
 */
export const signingKeyName = 'module-signing-key.pem';

/**
 * Where kbuild finds the certificates that the image is to trust beside the signing key, relative to
 * the folder of the objects; the same in every workspace, since the config ships.
 */
const trustedKeysName = 'trusted-certificates.pem';

/** Whether a config signs modules. */
export function signsModules(values: ReadonlyMap<string, string>): boolean {
  return values.get('MODULE_SIG') === 'y';
}

/**
 * How a tree is told which key to sign its modules with: `config` by CONFIG_MODULE_SIG_KEY (from
 * 4.3 on); `files` by the names signing_key.priv and signing_key.x509 in the folder of the objects
 * (3.7 to 4.2, and EL 7); `unknown` otherwise, as in EL 5 and 6, whose modules GnuPG signs.
 */
export type SigningMeans = 'config' | 'files' | 'unknown';

/** Where MODULE_SIG_KEY has been defined so far. */
const keySymbolFiles = ['certs/Kconfig', 'init/Kconfig'];

/** Finds out from a tree's own sources how it is told the key. */
export async function signingMeans(tree: string): Promise<SigningMeans> {
  const text = (file: string): Promise<string> =>
    readFile(join(tree, file), 'latin1').catch(() => '');
  for (const file of keySymbolFiles) {
    if (/^config MODULE_SIG_KEY$/m.test(await text(file))) return 'config';
  }
  const makefile = await text('Makefile');
  return /^MODSECKEY\s*=\s*\.\/signing_key\.priv$/m.test(makefile) ? 'files' : 'unknown';
}

/**
 * The settings that make kbuild sign with the build's own key.
 *
 * @param stockConfig - text of the stock `.config`
 * @param means - see {@link signingMeans}
 * @returns an empty list for a kernel that knows no module signatures, or other ones
 */
export function signingSettings(stockConfig: string, means: SigningMeans): ConfigSetting[] {
  const values = readConfigValues(stockConfig);
  if (!signsModules(values) || means === 'unknown') return [];
  const settings: ConfigSetting[] = [];
  if (means === 'config') {
    settings.push({
      symbol: 'MODULE_SIG_KEY',
      value: signingKeyName,
      reason: "the vendor's private key is the vendor's: netboot modules are signed with their own",
    });
  }
  if (values.get('MODULE_SIG_ALL') !== 'y') {
    settings.push({
      symbol: 'MODULE_SIG_ALL',
      value: 'y',
      reason:
        'the vendor signs after the build; netboot modules are signed when they are installed',
    });
  }
  return settings;
}

/**
 * The settings that make the image trust further certificates (CONFIG_SYSTEM_TRUSTED_KEYS, from 4.3 on).
 *
 * @param stockConfig - text of the stock `.config`
 * @param means - see {@link signingMeans}
 * @returns an empty list for a kernel that checks no signatures, or is told in other ways
 */
export function trustSettings(stockConfig: string, means: SigningMeans): ConfigSetting[] {
  const values = readConfigValues(stockConfig);
  const canTrust = signsModules(values) && values.get('SYSTEM_TRUSTED_KEYRING') === 'y';
  if (!canTrust || means !== 'config') return [];
  return [
    {
      symbol: 'SYSTEM_TRUSTED_KEYS',
      value: trustedKeysName,
      reason: 'stock modules keep the signature of the vendor, by whose certificate it is checked',
    },
  ];
}

/** Puts the certificates where kbuild looks for them, if the config names them. */
export async function placeTrustedKeys(
  folder: string,
  file: string,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  if (values.get('SYSTEM_TRUSTED_KEYS') !== `"${trustedKeysName}"`) return;
  await placeFile(join(folder, trustedKeysName), await readFile(file));
}

/**
 * Puts the signing key where kbuild looks for it. A file that is the same
 * already is not touched, else make would link the image again.
 *
 * @param tree - the kernel's sources, which say where that is
 * @param folder - folder of the objects
 * @param keyFile - PEM file with the private key and its certificate; or with the certificate alone,
 *   if nothing is to be signed
 * @param values - values of the netboot config
 * @throws BootwrightError `BW-COMPILE-SIGNING-KEY` if the config names another key,
 *   `BW-COMPILE-SIGNING-MEANS` if the tree signs in a way that no key of ours is good for
 */
export async function placeSigningKey(
  tree: string,
  folder: string,
  keyFile: string,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const means = await signingMeans(tree);
  if (means === 'unknown') {
    throw new BootwrightError(
      'BW-COMPILE-SIGNING-MEANS',
      `The config of "${tree}" has MODULE_SIG=y, but neither a symbol MODULE_SIG_KEY nor a file signing_key.priv names the key.`,
    );
  }
  const key = await readFile(keyFile);
  if (means === 'files') {
    await placeKeyFiles(folder, key);
    return;
  }
  const named = values.get('MODULE_SIG_KEY');
  if (named !== `"${signingKeyName}"`) {
    throw new BootwrightError(
      'BW-COMPILE-SIGNING-KEY',
      `CONFIG_MODULE_SIG_KEY is ${named ?? 'not set'}; the build's key is "${signingKeyName}".`,
    );
  }
  await placeFile(join(folder, signingKeyName), key);
}

/**
 * Private key and certificate as two files, as kernel/Makefile of 3.7 to 4.2 wants them. Its rule
 * makes new ones if x509.genkey, the request for them, is younger, and writes that if there is none:
 * so there is one, and it is older.
 */
async function placeKeyFiles(folder: string, pem: Buffer): Promise<void> {
  const request = join(folder, 'x509.genkey');
  await placeFile(
    request,
    Buffer.from('# The key is given: signing_key.priv, signing_key.x509.\n'),
  );
  await utimes(request, 1, 1);
  // With a certificate alone there is nothing to sign with, and the rule still wants the file.
  const privateKey = pem.includes('PRIVATE KEY')
    ? createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' })
    : '';
  await placeFile(join(folder, 'signing_key.priv'), Buffer.from(privateKey));
  await placeFile(join(folder, 'signing_key.x509'), new X509Certificate(pem).raw);
}

/** Writes a file that only its owner may read, unless it is the same already. */
async function placeFile(place: string, content: Buffer): Promise<void> {
  if ((await exists(place)) && content.equals(await readFile(place))) {
    await chmod(place, 0o600);
    return;
  }
  await writeWhole(place, content, 0o600);
}
