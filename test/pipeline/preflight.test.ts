import { afterEach, expect, test, vi } from 'vitest';
import { checkHost } from '../../src/pipeline/preflight.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('a missing program is named with its package, before anything is done', () => {
  vi.stubEnv('PATH', '/nonexistent');
  expect(() => checkHost(['source'])).toThrow(
    expect.objectContaining({
      code: 'BW-TOOL-MISSING',
      message: '"rpm" is needed to prepare the source, and is not on PATH.',
      hint: expect.stringMatching(/(apt-get|dnf) install rpm/),
    }),
  );
});

test('an ordinary user is told at once that a proof needs root', () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  expect(() => checkHost(['source', 'proof'])).toThrow(
    expect.objectContaining({ code: 'BW-PROOF-PRIVILEGE' }),
  );
});
