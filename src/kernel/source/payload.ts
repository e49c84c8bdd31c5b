import { createHash } from 'node:crypto';
import { CpioFormatError, readCpio } from '../../formats/cpio/index.ts';
import { checkDigests, type RpmPackage } from '../../formats/rpm/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { openOutput } from '../../system/process-output.ts';
import { requireTool } from '../../system/tools.ts';

/**
 * Reads a source package's payload to its end and compares it with the header: the same files,
 * each with its size and digest, and nothing else. So the names that the header was checked for
 * are the names that will be written.
 *
 * @throws BootwrightError `BW-SOURCE-CORRUPT`, `BW-SOURCE-TRUNCATED`, `BW-TOOL-MISSING`
 */
export async function verifyPayload(
  path: string,
  rpm: RpmPackage,
  signal: AbortSignal | undefined,
): Promise<void> {
  const corrupt = (detail: string, cause?: unknown): BootwrightError =>
    new BootwrightError('BW-SOURCE-CORRUPT', `${detail} in "${path}".`, { cause });
  const expected = new Map(rpm.files.map((file) => [file.path, file]));
  const check = checkDigests(rpm);

  // rpm's own tool knows every compressor that its packages are made with.
  const unpacked = openOutput(requireTool('rpm2cpio', 'read the payload of an RPM package'), [
    path,
  ]);
  const onAbort = (): void => unpacked.stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  async function* uncompressed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of unpacked.output as AsyncIterable<Uint8Array>) {
      check.uncompressed(chunk);
      yield chunk;
    }
  }
  try {
    for await (const entry of readCpio(uncompressed(), (index) => {
      const file = rpm.files[index];
      return file && { name: file.path, mode: file.mode, size: file.size };
    })) {
      const name = entry.name.replace(/^\.\//, '');
      const file = expected.get(name);
      if (file === undefined) {
        const code = name.includes('/') ? 'BW-SOURCE-UNSAFE-NAME' : 'BW-SOURCE-CORRUPT';
        throw new BootwrightError(
          code,
          `The payload of "${path}" has a file ${JSON.stringify(entry.name)} that its header does not list.`,
        );
      }
      expected.delete(name);
      if (entry.size !== file.size || entry.mode !== file.mode) {
        throw corrupt(`Payload and header disagree on size or mode of "${name}"`);
      }
      const hash =
        rpm.fileDigestAlgorithm === undefined || file.digest === ''
          ? undefined
          : createHash(rpm.fileDigestAlgorithm);
      for await (const chunk of entry.data()) hash?.update(chunk);
      if (hash !== undefined && hash.digest('hex') !== file.digest) {
        throw corrupt(`The digest of the file "${name}" does not hold`);
      }
    }
    await unpacked.ended;
  } catch (error) {
    if (signal?.aborted === true) {
      throw new BootwrightError('BW-INTERRUPTED', `Reading "${path}" was stopped.`, {
        cause: error,
      });
    }
    if (error instanceof CpioFormatError || isToolFailure(error)) {
      // Nobody reads on: the program must not wait for that, nor we for its end.
      unpacked.output.destroy();
      // What the unpacking program says is nearer to the cause than that its output ends.
      const words = await unpacked.ended.then(
        () => undefined,
        (ended: unknown) => (ended instanceof BootwrightError ? ended : undefined),
      );
      if (words?.code === 'BW-TOOL-MISSING') throw words;
      throw new BootwrightError(
        'BW-SOURCE-CORRUPT',
        `The payload of "${path}" cannot be unpacked: ${error.message}`,
        { cause: error, ...(words === undefined ? {} : words.occasion) },
      );
    }
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    unpacked.stop();
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw corrupt(`The file "${missing}" is missing`);
  const failure = check.failures().find(({ part }) => part === 'uncompressed payload');
  if (failure !== undefined) {
    throw corrupt(`The ${failure.algorithm} digest of the ${failure.part} does not hold`);
  }
}

function isToolFailure(error: unknown): error is BootwrightError {
  return error instanceof BootwrightError && error.code === 'BW-TOOL-FAILED';
}
