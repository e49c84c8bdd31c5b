import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.slow.test.ts'],
          // By default one core would be left idle, which of two is half.
          maxWorkers: availableParallelism(),
          // Files share their modules, which are most of what a file takes; environment variables
          // that a test sets are put back behind it.
          isolate: false,
          unstubEnvs: true,
          testTimeout: 20_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Kernel trees, compilers, machines: one file at a time, since each uses all cores.
        test: {
          name: 'slow',
          include: ['test/**/*.slow.test.ts'],
          fileParallelism: false,
          testTimeout: 20 * 60_000,
          hookTimeout: 40 * 60_000,
        },
      },
    ],
  },
});
