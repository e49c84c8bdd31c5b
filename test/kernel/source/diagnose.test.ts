import { describe, expect, it } from 'vitest';
import { diagnosePrep } from '../../../src/kernel/source/diagnose.ts';

const end = [
  'error: Bad exit status from /w/tmp/rpm-tmp.abc (%prep)',
  'RPM build errors:',
  '    Bad exit status from /w/tmp/rpm-tmp.abc (%prep)',
];
const explain = (...lines: readonly string[]) =>
  diagnosePrep([...lines, ...end], ['0001-first.patch', '0002-second.patch']);

describe('diagnosePrep', () => {
  it('names the patch, and the file, that patch(1) rejects', () => {
    const found = explain(
      '+ ApplyPatch 0001-first.patch',
      '+ patch -p1 -s',
      '+ ApplyPatch 0002-second.patch',
      '+ local patch=0002-second.patch',
      '+ patch -p1 -s',
      '1 out of 1 hunk FAILED -- saving rejects to file drivers/net/card.c.rej',
    );
    expect(found).toMatchObject({
      code: 'BW-SOURCE-PATCH',
      detail:
        'The patch 0002-second.patch does not apply: drivers/net/card.c is not as it expects.',
      excerpt: ['1 out of 1 hunk FAILED -- saving rejects to file drivers/net/card.c.rej'],
    });
  });

  it('understands git apply', () => {
    const found = explain(
      '+ ApplyPatch 0001-first.patch',
      '+ git apply',
      'error: patch failed: drivers/net/card.c:12',
      'error: drivers/net/card.c: patch does not apply',
    );
    expect(found.detail).toBe(
      'The patch 0001-first.patch does not apply: drivers/net/card.c is not as it expects.',
    );
  });

  it("understands rpm's own %patch", () => {
    const found = explain(
      "+ echo 'Patch #1 (0001-first.patch):'",
      'Patch #1 (0001-first.patch):',
      '+ /usr/bin/patch --no-backup-if-mismatch -f -p1 --fuzz=0',
      "can't find file to patch at input line 5",
    );
    expect(found.detail).toBe('The patch 0001-first.patch does not apply.');
    const malformed = explain(
      'Patch #2 (0002-second.patch):',
      '+ /usr/bin/patch --no-backup-if-mismatch -f -p1 --fuzz=0',
      '/usr/bin/patch: **** malformed patch at line 8:  EXTRA',
    );
    expect(malformed.detail).toBe('The patch 0002-second.patch does not apply.');
  });

  it('names an undefined macro', () => {
    const found = explain(
      "+ '%py3_shebang_fix' tools Documentation",
      '/w/tmp/rpm-tmp.abc: line 65: fg: no job control',
    );
    expect(found).toMatchObject({
      code: 'BW-SOURCE-MACRO',
      detail: 'The macro %{py3_shebang_fix} in %prep is not defined on this host.',
      hint: expect.stringContaining('--define "py3_shebang_fix VALUE"'),
    });
    expect(
      explain("+ '%{vendor_step}' now", '/w/tmp/x: line 3: %{vendor_step}: command not found'),
    ).toMatchObject({ code: 'BW-SOURCE-MACRO', detail: expect.stringContaining('%{vendor_step}') });
  });

  it('names a program that is not installed', () => {
    expect(
      explain('+ m4 config.m4', '/w/tmp/rpm-tmp.abc: line 65: m4: command not found'),
    ).toMatchObject({ code: 'BW-TOOL-MISSING', detail: '%prep runs "m4", which is not on PATH.' });
  });

  it('tells the wrong architecture', () => {
    expect(explain('error: Architecture is not included: x86_64').code).toBe('BW-SOURCE-ARCH');
  });

  it("shows the commands before the failure, not what rpm repeats of the spec's parsing", () => {
    const repeated = [
      'RPM build warnings:',
      ...[692, 693, 714, 731].flatMap((line) => [
        `    extra tokens at the end of %endif directive in line ${line}:  %endif # with_tools`,
        '',
      ]),
    ];
    const [status = '', ...rest] = end;
    expect(
      diagnosePrep(
        [
          '+ cd linux',
          '+ ./adjust tools',
          'adjust: the tools are gone',
          status,
          '',
          ...repeated,
          ...rest,
        ],
        [],
      ).excerpt,
    ).toEqual(['+ cd linux', '+ ./adjust tools', 'adjust: the tools are gone']);
  });

  it('gives the first error of what else failed, and not the last noise', () => {
    expect(
      explain(
        '+ cp /w/SOURCES/none .',
        "cp: cannot stat '/w/SOURCES/none': No such file or directory",
        '+ exit 1',
      ),
    ).toMatchObject({
      code: 'BW-SOURCE-PREP',
      detail: "%prep failed: cp: cannot stat '/w/SOURCES/none': No such file or directory",
    });
  });

  it('gives the reason why a script for bash ended half-way, not what came of that', () => {
    const found = explain(
      '+ ./generate.sh 1',
      './generate.sh: 26: Bad substitution',
      "+ mv 'kernel-*.config' other",
      "mv: cannot stat 'kernel-*.config': No such file or directory",
    );
    expect(found.detail).toBe('%prep failed: ./generate.sh: 26: Bad substitution');
  });

  it('names the last command where nothing was said', () => {
    expect(explain('+ cd linux', '+ false').detail).toBe(
      '%prep failed without a word; its last command was: false.',
    );
    expect(explain().detail).toContain('its last command was: none');
  });
});
