import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Host, knowsCondition, planSupplies } from '../../../src/kernel/source/supplies.ts';

const debian: Host = {
  macros: { _buildshell: '/bin/sh' },
  hasPathfix: false,
  bash: '/bin/bash',
  shIsBash: false,
};
const el9: Host = {
  macros: { _buildshell: '/bin/bash', __python3: '/usr/bin/python3', dist: '.el9', rhel: '9' },
  hasPathfix: true,
  bash: '/bin/bash',
  shIsBash: true,
};
const el9Source = { dist: '.el9_6', rhelMajor: '9' };
const el9Spec = `%define with_configchecks %{?_without_configchecks: 0}
%prep
pathfix.py -i "%{__python3}" -p -n tools
`;
const byDefault = { configChecks: false, defines: {} };

describe('planSupplies', () => {
  it('gives a Debian host all that a spec of EL 9 takes for granted', () => {
    const { defines, pathfix, supplied } = planSupplies(el9Source, el9Spec, debian, byDefault);
    expect(defines).toEqual({
      _buildshell: '/bin/bash',
      dist: '.el9_6',
      rhel: '9',
      __python3: '/usr/bin/python3',
      _without_configchecks: '--without-configchecks',
    });
    expect(pathfix).toBe(true);
    expect(supplied.map(({ name }) => name)).toContain('pathfix.py');
    expect(supplied.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  it('gives an EL 9 host only what differs', () => {
    const { defines, pathfix } = planSupplies(el9Source, el9Spec, el9, byDefault);
    expect(defines).toEqual({
      dist: '.el9_6',
      _without_configchecks: '--without-configchecks',
    });
    expect(pathfix).toBe(false);
  });

  it('supplies nothing that the spec does not ask for', () => {
    const { defines, pathfix } = planSupplies({}, '%prep\n', debian, byDefault);
    expect(defines).toEqual({ _buildshell: '/bin/bash' });
    expect(pathfix).toBe(false);
  });

  it('lets what the user says go before', () => {
    const defines = { dist: '.mine', _buildshell: '/opt/bash' };
    const plan = planSupplies(el9Source, el9Spec, debian, { configChecks: true, defines });
    expect(plan.defines).toEqual({ rhel: '9', __python3: '/usr/bin/python3' });
  });

  it('has rpm take the versions that the spec of EL 5 provides', () => {
    const of = (rhelMajor: string) =>
      planSupplies({ rhelMajor }, '%prep\n', debian, byDefault).defines;
    expect(of('5')).toMatchObject({ _wrong_version_format_terminate_build: '0' });
    expect(of('6')).not.toHaveProperty('_wrong_version_format_terminate_build');
  });

  it('supplies a gpg that makes no key where the spec would make one', () => {
    const spec = '%prep\ngpg --homedir . --batch --gen-key %{SOURCE11}\n';
    const { gpg, supplied } = planSupplies(el9Source, spec, debian, byDefault);
    expect([gpg, supplied.some(({ name }) => name === 'gpg')]).toEqual([true, true]);
    expect(planSupplies(el9Source, el9Spec, debian, byDefault).gpg).toBe(false);
  });

  it("supplies a make that understands EL 5's rules, to EL 5 only", () => {
    const of = (rhelMajor: string) => {
      const { make, supplied } = planSupplies(
        { dist: `.el${rhelMajor}`, rhelMajor },
        '',
        debian,
        byDefault,
      );
      return [make, supplied.some(({ name }) => name === 'make')];
    };
    expect(of('5')).toEqual([true, true]);
    expect(of('6')).toEqual([false, false]);
  });

  it('supplies the macro that newer specs call instead of pathfix.py', () => {
    const plan = planSupplies(el9Source, '%py3_shebang_fix tools', debian, byDefault);
    expect(plan.defines.py3_shebang_fix).toBe('pathfix.py -p -n -i /usr/bin/python3');
    expect(plan.pathfix).toBe(true);
  });

  it("hides a host's own distribution from a package for another one", () => {
    const fedora: Host = { ...el9, macros: { ...el9.macros, fedora: '41' } };
    expect(planSupplies(el9Source, '', fedora, byDefault).undefines).toEqual(['fedora']);
    const plan = planSupplies({ dist: '.fc41' }, '', el9, byDefault);
    expect(plan.undefines).toEqual(['rhel']);
    expect(plan.defines).toMatchObject({ fedora: '41', dist: '.fc41' });
  });
});

describe('knowsCondition', () => {
  it.each([
    '%define with_configchecks %{?_without_configchecks: 0}',
    '%bcond_without configchecks',
    '%bcond configchecks 1',
    '%{bcond_with configchecks}',
  ])('finds it in %s', (line) => {
    expect(knowsCondition(line, 'configchecks')).toBe(true);
  });

  it('does not take another one for it', () => {
    expect(knowsCondition('%bcond_without configchecks_more', 'configchecks')).toBe(false);
    expect(knowsCondition('echo configchecks', 'configchecks')).toBe(false);
  });
});

describe('the stand-in for pathfix.py', () => {
  const standIn = resolve('src/kernel/source/supplies/pathfix.pl');

  it('sets interpreters as pathfix.py does', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bootwright-pathfix-'));
    try {
      mkdirSync(join(folder, 'tools/deeper'), { recursive: true });
      const files: Record<string, string> = {
        'tools/deeper/script.py': '#!/usr/bin/env python\nprint(1)\n',
        'tools/flags.py': '#!/usr/bin/python2 -Es\nprint(1)',
        'tools/shell.py': '#!/bin/sh\n',
        'tools/plain.py': 'print(1)\n',
        'tools/named': '#!/usr/bin/python\n',
        single: '#!/usr/bin/python\n',
      };
      const time = new Date('2020-01-01T00:00:00Z');
      for (const [name, content] of Object.entries(files)) {
        writeFileSync(join(folder, name), content, { mode: 0o755 });
        utimesSync(join(folder, name), time, time);
      }
      execFileSync('perl', [standIn, '-i', '/usr/bin/python3', '-p', '-n', 'tools', 'single'], {
        cwd: folder,
      });
      const now = Object.fromEntries(
        Object.keys(files).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
      );
      expect(now).toEqual({
        ...files,
        'tools/deeper/script.py': '#!/usr/bin/python3\nprint(1)\n',
        'tools/flags.py': '#!/usr/bin/python3\nprint(1)',
        single: '#!/usr/bin/python3\n',
      });
      const { mtimeMs, mode } = statSync(join(folder, 'single'));
      expect([mtimeMs, mode & 0o777]).toEqual([time.getTime(), 0o755]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('fails for a file that is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pathfix-'));
    try {
      expect(() =>
        execFileSync('perl', [standIn, '-pni', '/usr/bin/python3', join(folder, 'nowhere')], {
          stdio: 'pipe',
        }),
      ).toThrow(/No such file/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the stand-in for make', () => {
  it('has rules for a name and a pattern work as before make 3.82', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bootwright-make-'));
    try {
      const makefile = (...rules: readonly string[]): string =>
        ['%.o: %.c', '\techo $@', ...rules, '%.ko: FORCE', '\techo ko', ''].join('\n');
      const recipe = ['\t@echo first $@; \\', '\techo second', ''];
      writeFileSync(join(folder, 'Makefile'), makefile('config %config: FORCE', ...recipe));
      mkdirSync(join(folder, 'bin'));
      copyFileSync(resolve('src/kernel/source/supplies/make.sh'), join(folder, 'bin/make'));
      const make = (goal: string): string =>
        execFileSync(join(folder, 'bin/make'), ['-s', 'FORCE=', goal], {
          cwd: folder,
          env: { PATH: `${folder}/bin:${process.env.PATH}` },
          encoding: 'utf8',
        });
      writeFileSync(join(folder, 'FORCE'), '');
      expect(make('nonint_oldconfig')).toBe('first nonint_oldconfig\nsecond\n');
      expect(make('config')).toBe('first config\nsecond\n');
      expect(readFileSync(join(folder, 'Makefile'), 'utf8')).toBe(
        makefile('config: FORCE', ...recipe, '%config: FORCE', ...recipe),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
