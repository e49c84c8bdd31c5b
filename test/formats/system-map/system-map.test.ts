import { expect, test } from 'vitest';
import {
  initcallModules,
  initcallOrder,
  symbolNames,
} from '../../../src/formats/system-map/index.ts';

test('drivers in the order of the addresses of their initcalls, whatever that of the lines', () => {
  const map = [
    'ffffffff868ae054 d __initcall__kmod_8139too__793_2677_rtl8139_init_module6',
    'ffffffff868ae050 d __initcall__kmod_8139cp__923_2121_cp_driver_init6',
    'ffffffff868ad44c D __initcall0_start',
    'ffffffff868ad000 d __initcall__kmod_sch_fq__1_2_fq__3_4_init4s',
    'ffffffff86000000 T _text',
  ].join('\n');
  expect(initcallOrder(map)).toEqual(['sch_fq', '8139cp', '8139too']);
});

test('of several of one driver, the last: it registers the driver', () => {
  const map = [
    'ffffffff00000001 d __initcall__kmod_a__1_1_early4',
    'ffffffff00000002 d __initcall__kmod_b__1_1_init6',
    'ffffffff00000003 d __initcall__kmod_a__2_2_init6',
  ].join('\n');
  expect(initcallOrder(map)).toEqual(['b', 'a']);
});

test('none where initcalls do not name modules, or the map is a stub', () => {
  expect(initcallOrder('c0000000 t __initcall_e1000_init_module6\n')).toEqual([]);
  expect(initcallOrder('ffffffffffffffff B The real System.map is in another package\n')).toEqual(
    [],
  );
});

test('the module of each initcall, whatever its level', () => {
  const map = [
    'ffffffff83fb1624 d __initcall__kmod_e100__744_3194_e100_init_module6',
    'ffffffff83fb1000 d __initcall__kmod_setup__300_12_setup_5level2s',
    'ffffffff83fb1004 d __initcall__kmod_smp__301_7_check_smpearly',
    'ffffffff83fb1008 d __initcall__kmod_initramfs__302_8_populate_rootfsrootfs',
    'ffffffff83fb100c d __initcall__kmod_sch_fq__1_2_fq__3_4_init4s',
    'ffffffff83fb1010 T _text',
  ].join('\n');
  expect([...initcallModules(map)]).toEqual([
    ['e100_init_module', 'e100'],
    ['setup_5level', 'setup'],
    ['check_smp', 'smp'],
    ['populate_rootfs', 'initramfs'],
    ['fq__3_4_init', 'sch_fq'],
  ]);
});

test('an initcall whose name several modules have is of none that is known', () => {
  const map = [
    'ffffffff83fb1000 d __initcall__kmod_a__1_1_driver_init6',
    'ffffffff83fb1004 d __initcall__kmod_b__2_1_driver_init6',
    'ffffffff83fb1008 d __initcall__kmod_c__3_1_driver_init6',
    'ffffffff83fb100c d __initcall__kmod_c__4_1_c_init6',
  ].join('\n');
  expect([...initcallModules(map)]).toEqual([['c_init', 'c']]);
});

test('names of symbols, and no other lines', () => {
  expect(symbolNames('ffffffff81000000 T _text\nffffffff82681ac0 t a_b.cold\nx\n')).toEqual(
    new Set(['_text', 'a_b.cold']),
  );
});
