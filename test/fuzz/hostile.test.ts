import { describe, expect, test } from 'vitest';
import { targets } from '../../fuzz/targets/index.ts';
import { hostileBytes } from './hostile-bytes.ts';
import { hostileKconfig } from './hostile-kconfig.ts';

describe('hostile input', () => {
  test.each([...hostileKconfig, ...hostileBytes])(
    '$target: $what',
    async ({ target, input, error }) => {
      const reader = targets.find(({ name }) => name === target);
      let thrown: unknown;
      await reader?.run(input()).catch((reason: unknown) => {
        thrown = reason;
      });
      if (error === undefined) expect(thrown).toBeUndefined();
      else {
        expect(thrown).toMatchObject({ message: expect.stringMatching(error) });
        expect(reader?.isOwnError(thrown)).toBe(true);
      }
    },
  );
});
