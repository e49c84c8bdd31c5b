import { expect, test } from 'vitest';
import { driverState } from '../../src/coverage/driver-state.ts';
import { noDrivers } from '../../src/coverage/netboot-drivers.ts';

const change = (symbol: string, reason: string) => ({
  symbol,
  from: 'm',
  to: 'm',
  reason,
  location: `drivers/net/Kconfig:${symbol.length}`,
});

const netboot = {
  ...noDrivers,
  modules: new Map([
    ['igb', 'kernel/drivers/net/ethernet/intel/igb/igb.ko'],
    ['r8169', 'kernel/drivers/net/ethernet/realtek/r8169.ko'],
  ]),
  leftOut: [
    change('R8169', 'its dependency PHYLINK=n forbids y'),
    change('IGB', 'outside of the scope fleet: no machine of it needs this'),
  ],
};

test('the reason of a driver names its symbol and the line that it is about', () => {
  expect(driverState('r8169', undefined, netboot)).toEqual({
    module: 'r8169',
    place: 'module',
    reason: 'R8169: its dependency PHYLINK=n forbids y',
    location: 'drivers/net/Kconfig:5',
  });
});

test('but that of a scope is one for all that it leaves out', () => {
  expect(driverState('igb', undefined, netboot)).toEqual({
    module: 'igb',
    place: 'module',
    reason: 'outside of the scope fleet: no machine of it needs this',
    location: '',
  });
});
