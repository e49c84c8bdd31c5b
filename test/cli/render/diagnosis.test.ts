import { expect, test } from 'vitest';
import { renderDiagnosis } from '../../../src/cli/render/diagnosis.ts';
import type { Diagnosis } from '../../../src/pipeline/doctor/finding.ts';

const diagnosis: Diagnosis = {
  aim: 'bundle',
  ready: false,
  can: { build: true, bundle: false, proof: false },
  findings: [
    {
      group: 'programs',
      name: 'gcc',
      state: 'ok',
      detail: '12.2.0',
      purpose: 'compile the kernel',
      packages: ['gcc'],
    },
    {
      group: 'programs',
      name: 'rpcbind',
      state: 'ok',
      detail: 'there',
      purpose: 'serve NFS version 3',
    },
    {
      group: 'programs',
      name: 'strip',
      state: 'missing',
      detail: 'missing',
      purpose: 'strip the modules',
      prevents: 'bundle',
      packages: ['binutils'],
    },
    {
      group: 'programs',
      name: 'ccache',
      state: 'poor',
      detail: 'missing',
      purpose: 'compile faster; without it, each build compiles everything anew',
      packages: ['ccache'],
    },
    {
      group: 'room',
      name: 'workspace',
      state: 'poor',
      detail: '20 GB free for /srv',
      purpose: 'hold trees',
    },
    {
      group: 'privileges',
      name: 'user',
      state: 'poor',
      detail: 'an ordinary user',
      prevents: 'proof',
      remedy: 'Prove what was built as root (sudo bootwright prove BUNDLE).',
    },
    {
      group: 'host',
      name: '/dev/null',
      state: 'poor',
      detail: 'There is a file in its place.',
      prevents: 'bundle',
      remedy: 'Repair it.',
    },
    { group: 'host', name: 'ports', state: 'note', detail: 'all free' },
  ],
  install: 'apt-get install binutils ccache',
};

test('what is in the way stands out, and what to do stands at the end', () => {
  const text = renderDiagnosis(diagnosis, { colour: false, width: 60 });
  expect(text).toBe(`\
Programs
  ok       gcc      12.2.0   compile the kernel
  ok       rpcbind  there    serve NFS version 3
  MISSING  strip    strip the modules
                    prevents: bundle; package: binutils
  without  ccache   compile faster; without it, each build
                    compiles everything anew
                    package: ccache

Room
  poor     workspace  20 GB free for /srv

Privileges
  poor     user  an ordinary user
                 prevents: proof
                 -> Prove what was built as root (sudo
                    bootwright prove BUNDLE).

Host
  FAULT    /dev/null  There is a file in its place.
                      prevents: bundle
                      -> Repair it.
  -        ports      all free

What can be done here
  yes  compile a kernel
  NO   pack a bundle: strip, /dev/null
  NO   prove it by a PXE boot: user

This brings what is missing:
  apt-get install binutils ccache

"bootwright build SRPM" cannot go as far as the bundle here.`);
});

test('colour changes nothing but the colour', () => {
  const plain = renderDiagnosis(diagnosis, { colour: false, width: 80 });
  const coloured = renderDiagnosis(diagnosis, { colour: true, width: 80 });
  expect(coloured).toContain('\x1b[31mMISSING');
  expect(coloured.replaceAll(/\x1b\[\d+m/g, '')).toBe(plain);
});
