import { readdirSync, readFileSync } from 'node:fs';
import {
  claimedId,
  HardwareTextError,
  isNetworkDevice,
  networkModalias,
  readHardware,
} from '../../src/hardware/index.ts';
import type { Target } from '../target.ts';

const samples = new URL('../../test/hardware/samples/', import.meta.url);

/** What people paste of a machine's hardware. */
export const hardwareTarget: Target = {
  name: 'hardware',
  words: [
    '00:1f.6 ',
    '[0200]: ',
    '[8086:1572]',
    'Slot: ',
    'Subsystem: ',
    'Kernel modules: ',
    '*-network',
    'product: ',
    'bus info: pci@0000:02:00.0',
    'System Information',
    'MODALIAS=pci:v',
    '/modalias:',
    '"class": "network"',
    '\u001b[',
    '\r\n',
  ],
  seeds: () => readdirSync(samples).map((name) => readFileSync(new URL(name, samples))),
  async run(input) {
    for (const device of readHardware(input).devices) {
      isNetworkDevice(device);
      claimedId(networkModalias(device));
    }
  },
  isOwnError: (error) => error instanceof HardwareTextError,
};
