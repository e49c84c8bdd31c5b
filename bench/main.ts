/** `npm run bench NAME`: measures one thing against its rival, in the same run, as ratios. */
import { benchBoot } from './boot.ts';
import { benchConfig } from './config.ts';
import { benchKconfig } from './kconfig.ts';
import { benchPipeline } from './pipeline.ts';
import { benchWrap } from './wrap.ts';

/** What can be measured, and the options of each. */
const benches = {
  boot: {
    run: benchBoot,
    options: '--bundle PATH --stock PATH... [--runs N] [--nic virtio|e1000e]',
  },
  config: { run: benchConfig, options: '[--runs N]' },
  kconfig: {
    run: benchKconfig,
    options: '[--runs N] [--kconfiglib DIR] [--tree DIR --config FILE --arch ARCH]...',
  },
  pipeline: {
    run: benchPipeline,
    options: '[--runs N] [--way NAME]... [--jobs N] [--subject NAME] [--keep DIR]',
  },
  wrap: { run: benchWrap, options: '[--runs N] [--stock PATH]... [--nic virtio|e1000e]' },
} as const;

const [name, ...args] = process.argv.slice(2);
const bench = Object.entries(benches).find(([known]) => known === name)?.[1];
if (bench === undefined) {
  for (const [known, { options }] of Object.entries(benches)) {
    console.error(`usage: npm run bench ${known} -- ${options}`);
  }
  process.exitCode = 2;
} else {
  await bench.run(args);
}
