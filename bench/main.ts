/** `npm run bench NAME`: measures one thing against its rival, in the same run, as ratios. */
import { benchConfig } from './config.ts';

const benches = { config: benchConfig } as const;

const name = process.argv[2];
if (name === undefined || !Object.hasOwn(benches, name)) {
  console.error(`usage: npm run bench ${Object.keys(benches).join('|')} [-- --runs N]`);
  process.exitCode = 2;
} else {
  const runs = Number(process.argv[process.argv.indexOf('--runs') + 1]);
  await benches[name as keyof typeof benches](Number.isInteger(runs) && runs > 0 ? runs : 5);
}
