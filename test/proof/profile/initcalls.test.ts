import { expect, test } from 'vitest';
import { longestInitcalls, parseInitcalls } from '../../../src/proof/profile/initcalls.ts';

const console = [
  '[    1.234567] calling  i8042_init+0x0/0x1b0 @ 1',
  '[    1.934567] initcall i8042_init+0x0/0x1b0 returned 0 after 700000 usecs',
  '[    2.000000] initcall e1000_init_module+0x0/0xff0 [e1000] returned 0 after 12 usecs',
  '[    2.100000] initcall ip_auto_config+0x0/0x1130 returned -19 after 3101 usecs',
  '[    2.100001] Run /sbin/init as init process',
].join('\r\n');

test('what a kernel tells of its initcalls is read, with the modules, whatever they returned', () => {
  expect(parseInitcalls(console)).toEqual([
    { name: 'i8042_init', microseconds: 700_000 },
    { name: 'e1000_init_module', module: 'e1000', microseconds: 12 },
    { name: 'ip_auto_config', microseconds: 3101 },
  ]);
});

test('a console without initcall_debug tells of none', () => {
  expect(parseInitcalls('[    0.000000] Linux version 6.12.117\n')).toEqual([]);
});

test('the longest come first', () => {
  const names = longestInitcalls(parseInitcalls(console), 2).map(({ name }) => name);
  expect(names).toEqual(['i8042_init', 'ip_auto_config']);
});
