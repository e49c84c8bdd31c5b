import { chmod, readFile } from 'node:fs/promises';
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

/** Whether a config signs modules. */
export function signsModules(values: ReadonlyMap<string, string>): boolean {
  return values.get('MODULE_SIG') === 'y';
}

/**
 * The settings that make kbuild sign with the build's own key.
 *
 * @param stockConfig - text of the stock `.config`
 * @returns an empty list for a kernel that knows no module signatures
 */
export function signingSettings(stockConfig: string): ConfigSetting[] {
  const values = readConfigValues(stockConfig);
  if (!signsModules(values)) return [];
  const settings: ConfigSetting[] = [
    {
      symbol: 'MODULE_SIG_KEY',
      value: signingKeyName,
      reason: "the vendor's private key is the vendor's: netboot modules are signed with their own",
    },
  ];
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
 * Puts the signing key where kbuild looks for it. A file that is the same
 * already is not touched, else make would link the image again.
 *
 * @param folder - folder of the objects
 * @param keyFile - PEM file with the private key and its certificate
 * @param values - values of the netboot config
 * @throws BootwrightError `BW-COMPILE-SIGNING-KEY` if the config names another key
 */
export async function placeSigningKey(
  folder: string,
  keyFile: string,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const named = values.get('MODULE_SIG_KEY');
  if (named !== `"${signingKeyName}"`) {
    throw new BootwrightError(
      'BW-COMPILE-SIGNING-KEY',
      `CONFIG_MODULE_SIG_KEY is ${named ?? 'not set'}; the build's key is "${signingKeyName}".`,
    );
  }
  const place = join(folder, signingKeyName);
  const key = await readFile(keyFile);
  if ((await exists(place)) && key.equals(await readFile(place))) {
    await chmod(place, 0o600);
    return;
  }
  await writeWhole(place, key, 0o600);
}
