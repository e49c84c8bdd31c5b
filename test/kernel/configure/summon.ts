/** Calls a tree's conf, says so, and never gives it a config: to be killed by judge.slow.test.ts. */
import { summonJudge } from '../../../src/kernel/configure/judge.ts';

const [tree = '', cacheFolder = ''] = process.argv.slice(2);
const judge = await summonJudge({ tree, arch: 'x86', cacheFolder });
await judge.begin(new Map());
console.log('waiting');
setInterval(() => undefined, 1000);
