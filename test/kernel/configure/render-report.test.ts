import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../src/kernel/configure/render-report.ts';
import type { PromotionReport } from '../../../src/kernel/configure/report.ts';
import { promoteSnippet } from './snippet.ts';

const network = `config NIC
	tristate "Card"
	depends on BUS
config RADIO_SIM
	tristate "Simulated radio"
config MODULAR
	def_bool NIC=m
`;

async function report(): Promise<PromotionReport> {
  const values = { NIC: 'm', BUS: 'm', RADIO_SIM: 'm' };
  return (await promoteSnippet(network, 'config BUS\n\ttristate "Bus"\n', values)).report;
}

describe('the report', () => {
  it('says what it is, and is the same in JSON', async () => {
    const made = await report();
    expect(made).toMatchObject({ schema: 'bootwright/promotion-report', version: 1 });
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });

  it('reads with the counts first, then what is alarming, then why', async () => {
    expect(
      renderReport(await report(), { width: 80, colour: false }),
    ).toBe(`Promotion, scope network-devices

    1  network drivers built in that stock has as modules
    0  built in by stock already
    1  left as stock has them (reasons below)
    0  requested: NFS root, autoconfiguration, buses of network devices
    1  others raised by hand from m to y
    0  others built in by a select or default
    0  pinned to n, since they would have come on
    0  set on purpose
    0  cannot be built in
    1  lost
    0  came on unasked

Network device support: 0 y / 2 m / 0 n in stock, 1 y / 1 m / 0 n now

Lost: stock has it (1)
  MODULAR                y -> n  "NIC=m" does not hold (NIC=y)
                                 Kconfig:16

Raised by hand: something cannot be built in without it (1)
  BUS                    m -> y  needed by NIC
                                 Kconfig:12

Left as stock has it (1)
  RADIO_SIM              m       a simulator ("Simulated radio"): built in, it
                                 would make devices that are not there
                                 Kconfig:13
`);
  });

  it('keeps within the width and puts many of a kind together', async () => {
    const made = await report();
    const many = Array.from({ length: 30 }, (_, index) => ({
      symbol: `SOME_RATHER_LONG_SYMBOL_NAME_${index}`,
      from: 'm',
      to: 'm',
      reason: `outside of the scope wired: ${'words '.repeat(20)}`.trim(),
      location: `drivers/net/Kconfig:${index}`,
    }));
    const text = renderReport({ ...made, excluded: many }, { width: 80, colour: false });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain('30 m: outside of the scope wired');
    expect(text).toContain('and 22 more');
  });

  it('says the same in colour', async () => {
    const made = await report();
    const coloured = renderReport(made, { width: 80, colour: true });
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(
      renderReport(made, { width: 80, colour: false }),
    );
  });
});
