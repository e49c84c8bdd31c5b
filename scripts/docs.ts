/**
 * Makes the documents that are made from code, so that they cannot lie:
 * `docs/ERRORS.md` from the error table, `man/bootwright.1` from the tree of
 * commands and the error classes, `docs/bootwright.schema.json` from the
 * options. With `--check` it only says whether they are up to date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createProgram } from '../src/cli/program.ts';
import { errorsDocument } from './documents/errors.ts';
import { manualPage } from './documents/manual.ts';
import { schemaDocument } from './documents/schema.ts';

const documents: Readonly<Record<string, string>> = {
  'docs/ERRORS.md': errorsDocument(),
  'docs/bootwright.schema.json': schemaDocument(createProgram()),
  'man/bootwright.1': manualPage(createProgram()),
};

let stale = false;
for (const [path, text] of Object.entries(documents)) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what the code says: run "npm run docs" and commit it.`);
    stale = true;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`${path} written`);
  }
}
process.exitCode = stale ? 1 : 0;
