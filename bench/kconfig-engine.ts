/**
 * Does with our engine what the tree's `conf --olddefconfig` does, promotes if it is asked to, and
 * writes how long each part took: a process of its own, so that its memory can be measured.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configure, load, parseConfig, writeConfig } from '../src/kconfig/index.ts';
import { shellProbe } from '../src/kernel/configure/probe.ts';
import { promote } from '../src/kernel/configure/promotion.ts';
import { treeSource } from '../src/kernel/configure/tree-source.ts';
import { courseSchema, type EngineCourse, type Parts } from './kconfig-course.ts';

/** Reads the tree, told the answers or asking the host for all of them. */
async function read({ tree, rootFile, environment, objects, answers }: EngineCourse) {
  const course = { root: tree, rootFile, environment };
  if (answers !== undefined) {
    const known = new Map(Object.entries(answers));
    return load({
      ...course,
      knownOutputs: known,
      probe: () => Promise.reject(new Error('a command has no answer')),
    });
  }
  const nothingKept = mkdtempSync(join(tmpdir(), 'bootwright-probes-'));
  try {
    const asked = { variables: environment, folder: objects, identity: 'bench' };
    const probes = await shellProbe(asked, nothingKept);
    try {
      return await load({ ...course, probe: probes.probe, foresee: probes.foresee });
    } finally {
      await probes.close();
    }
  } finally {
    rmSync(nothingKept, { recursive: true, force: true });
  }
}

const [file = ''] = process.argv.slice(2);
const course = courseSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const begun = performance.now();
const kconfig = await read(course);
const parsed = performance.now();
const text = readFileSync(course.config, 'utf8');
const stock = writeConfig(configure(kconfig, parseConfig(text, kconfig)));
writeFileSync(course.out, stock);
const evaluated = performance.now();
const parts: Parts = { parse: parsed - begun, evaluate: evaluated - parsed };
if (course.promotes) {
  const promotion = promote({
    kconfig,
    stock,
    scope: 'network-devices',
    read: treeSource(course.tree),
    kernelVersion: course.environment.KERNELVERSION ?? '',
    architecture: course.architecture,
  });
  writeFileSync(`${course.out}.netboot`, promotion.configText);
  parts.promote = performance.now() - evaluated;
}
writeFileSync(course.report, JSON.stringify(parts));
