import { describe, expect, test } from 'vitest';
import { layOut } from '../../../src/compare/page/lay-out.ts';
import type { Page } from '../../../src/compare/page/page.ts';
import { describeComparison } from '../../../src/compare/page/text.ts';
import { compareKernels } from '../../../src/compare/report.ts';
import { bundle, stock } from '../world.ts';

const page = layOut(compareKernels(bundle, stock, { kabi: [] }));

describe('describeComparison', () => {
  test('says the verdict first, then figures, then details, in 80 columns', () => {
    const text = describeComparison(page);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const at = (start: string): number => lines.findIndex((line) => line.startsWith(start));
    expect(at('Equals stock')).toBeLessThan(5);
    expect(at('Devices: ')).toBeLessThan(at('Config in detail'));
    expect(text).toContain('      drivers/net/ethernet/realtek (2)\n        8139CP 8139TOO');
    expect(text).toContain('8139cp before 8139too (by the order of initcalls); in stock 8139too');
  });

  test('many names are cut short, and how many there are is said', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `symbol_${index}`);
    const lists = Array.from({ length: 20 }, (_, index) => ({ label: `list ${index}`, names }));
    const section = {
      title: 'Symbols',
      tone: 'open' as const,
      summary: 'Many.',
      groups: [{ title: 'Not exported', tone: 'open' as const, why: '', lists }],
    };
    const text = describeComparison({ ...page, sections: [section] });
    expect(text).toContain('Not exported (20,000): NOT ACCOUNTED FOR');
    expect(text).toContain('list 0 (1,000)');
    expect(text).toContain('… 940 more');
    expect(text).toContain('… and 8 more such lists');
  });

  test('nothing that a kernel says steers the terminal', () => {
    const hostile: Page = { ...page, title: 'a\u001b[2Jb\u009bc\r', limits: ['\u0007'] };
    expect(describeComparison(hostile)).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
