import { parseCopyright } from '../../src/kernel/firmware/copyright.ts';
import { isBlobName, parseBuiltInFirmware } from '../../src/kernel/firmware/request.ts';
import { parseWhence } from '../../src/kernel/firmware/whence.ts';
import type { Target } from '../target.ts';

/** What an image asks for, and what collections of firmware say of themselves. */
export const firmwareTarget: Target = {
  name: 'firmware',
  words: [
    'File: ',
    'Link: a -> b',
    'Licence:',
    'Files: *',
    'License: ',
    '.firmware=',
    '-'.repeat(74),
  ],
  seeds: () => [
    Buffer.from('bnx2.file=drivers/net/bnx2\0bnx2.firmware=bnx2/one.fw\0'),
    Buffer.from(`File: a/b.fw\nLink: c -> a/b.fw\n\nLicence: MIT\n\n${'-'.repeat(74)}\n`),
    Buffer.from(
      'Files: a/*.fw b/?.bin\nCopyright: x\nLicense: MIT\n Granted.\n\nFiles: *\nLicense: y\n',
    ),
  ],
  async run(input) {
    const text = Buffer.from(input).toString('latin1');
    const licenceOf = parseCopyright(text);
    const names = parseBuiltInFirmware(text).map(({ path }) => path);
    for (const name of [...names.filter(isBlobName), ...parseWhence(text).links.keys(), 'a/b.fw']) {
      licenceOf(name);
    }
  },
  isOwnError: () => false,
};
