import { type Fleet, parseFleet, renderFleet } from '../../src/kernel/configure/fleet/fleet.ts';
import { BootwrightError } from '../../src/system/errors/index.ts';
import { mutateJson } from '../mutate/json.ts';
import type { Target } from '../target.ts';

const sound: Fleet = {
  schema: 'bootwright/fleet',
  version: 1,
  kernelRelease: '6.12.0',
  cards: 'one',
  machines: [{ name: 'r640.txt', system: 'Dell Inc. PowerEdge R640' }],
  drivers: [
    {
      module: 'i40e',
      path: 'kernel/drivers/net/ethernet/intel/i40e/i40e.ko',
      machines: ['r640.txt'],
      reason: 'claims 8086:1572',
    },
    { module: 'own', symbol: 'OWN', machines: [] },
  ],
  buses: ['usb'],
};

/** A fleet file, as somebody got it with a bundle or wrote it. */
export const fleetTarget: Target = {
  name: 'fleet',
  words: ['"drivers"', '"module"', '"path"', '"__proto__"', '/../', '\u001b[2J', 'null', '[', '{'],
  seeds: () => [Buffer.from(renderFleet(sound))],
  mutate: (input, random) => mutateJson(Buffer.from(input).toString(), random),
  async run(input) {
    const fleet = parseFleet(Buffer.from(input).toString('utf8'), 'fleet.json');
    for (const { path } of fleet.drivers) {
      if (path?.split('/').includes('..')) throw new Error(`"${path}" leads out of the tree`);
    }
  },
  isOwnError: (error) => error instanceof BootwrightError,
};
