import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { profileBundle } from '../../../src/proof/profile/profile-bundle.ts';
import { profileSchema } from '../../../src/proof/profile/record.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { exampleBuild } from '../../example.ts';

describe('the profile of a boot', { timeout: 20 * 60_000 }, () => {
  test('tells where all of its time goes, and what the kernel did', async () => {
    const { bundle } = await exampleBuild();
    const { proof, record, profile } = await profileBundle(
      bundle.folder,
      { nic: 'e1000', firmware: 'bios', nfs: 3 },
      unwatched,
    );
    expect(proof.verdict).toBe('passed');
    // The proof is of a boot with nothing else on its command line.
    expect(proof.machine.commandLine).not.toContain('initcall');
    expect(JSON.parse(await readFile(record, 'utf8'))).toEqual(proof);
    const found = profileSchema.parse(JSON.parse(await readFile(profile?.record ?? '', 'utf8')));
    expect(found).toEqual(profile?.profile);
    expect(found.bundle).toBe(bundle.manifest.id);
    const sum = found.parts.reduce((total, { milliseconds }) => total + milliseconds, 0);
    expect(sum).toBe(found.initAt);
    expect(found.initAt).toBe(proof.stages.find(({ id }) => id === 'init')?.at);
    expect(found.initcalls.count).toBeGreaterThan(300);
    expect(found.initcalls.longest.map(({ name }) => name)).toContain('ip_auto_config');
    // None of the example's drivers waits for a card that is not there.
    expect(found.idle).toEqual([]);
    expect(found.without).toBeNull();
  });
});
