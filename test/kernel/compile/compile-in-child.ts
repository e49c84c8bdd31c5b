import { type CompileRequest, compileKernel } from '../../../src/kernel/compile/index.ts';
import { watch } from '../../../src/system/progress.ts';

/** Compiles what the argument says (JSON), and prints how many objects are done, one number a line. */
const {
  timestamp,
  ...request
}: Omit<CompileRequest, 'timestamp' | 'step'> & {
  timestamp: string;
} = JSON.parse(process.argv[2] ?? '');
await watch((event) => {
  if (event.type === 'step-progress') console.log(event.done);
}).step('child', (step) => compileKernel({ ...request, timestamp: new Date(timestamp), step }));
