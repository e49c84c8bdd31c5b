/**
 * `npm run fuzz -- [--minutes N] [--seed N] [--keep FOLDER] [TARGET …]`: feeds the readers of
 * foreign bytes with what they do not expect.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { feed } from './supervise.ts';
import { targets } from './targets/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string', default: '.cache/fuzz' },
  },
});
const all = targets.map(({ name }) => name);
const unknown = positionals.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`no target ${unknown.join(', ')}; there are: ${all.join(', ')}`);
  process.exit(2);
}
const names = positionals.length > 0 ? positionals : all;
const share = (Number(values.minutes) * 60_000) / names.length;

console.log('target         runs  corpus  edges  faults');
let failed = false;
for (const name of names) {
  const home = resolve(values.keep, name);
  const { runs, corpus, edges, killed } = await feed(
    name,
    Number(values.seed),
    home,
    Date.now() + share,
  );
  const found = readdirSync(join(home, 'found')).filter((file) => file.endsWith('.txt'));
  const columns = [runs, corpus, edges, found.length].map((n, i) =>
    `${n}`.padStart([9, 7, 6, 7][i] ?? 0),
  );
  console.log(`${name.padEnd(10)}${columns.join(' ')}${killed > 0 ? `  (${killed} killed)` : ''}`);
  for (const file of found) {
    failed = true;
    const [what] = readFileSync(join(home, 'found', file), 'utf8').split('\n', 1);
    console.log(`  ${join(home, 'found', file.replace('.txt', '.input'))}: ${what}`);
  }
}
process.exitCode = failed ? 1 : 0;
