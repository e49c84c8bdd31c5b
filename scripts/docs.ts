/**
 * Makes the documents that are made from code, so that they cannot lie:
 * `docs/ERRORS.md` from the error table. With `--check` it only says whether
 * they are up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type ErrorDefinition, exitStatus } from '../src/system/errors/definition.ts';
import { errorTable } from '../src/system/errors/table.ts';

function errorsDocument(): string {
  const rows: readonly (readonly [string, ErrorDefinition])[] = Object.entries(errorTable);
  const statuses = Object.entries(exitStatus)
    .map(([name, status]) => `| ${status} | ${name} |`)
    .join('\n');
  const sections = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, row]) =>
        `## ${code}\n\n**${row.what}** Exit status ${exitStatus[row.exit]} (${row.exit}).\n\n` +
        `- Why: ${row.why}\n- What to do: ${row.hint}\n`,
    )
    .join('\n');
  return `# Errors

Every failure that Bootwright reports has a code that does not change, so that you can search for it here. A message also says the particulars: which file, which value, which command to run by hand, which log has the rest. With \`--json\` the last line has all of it as an object with the fields \`code\`, \`what\`, \`detail\`, \`hint\`, and, where there are such, \`command\`, \`log\`, \`excerpt\`.

This page is made from the error table (\`src/system/errors/table/\`) by \`npm run docs\`.

| exit status | class |
|---|---|
| 0 | done |
${statuses}

${sections}`;
}

const documents: Readonly<Record<string, string>> = { 'docs/ERRORS.md': errorsDocument() };

let stale = false;
for (const [path, text] of Object.entries(documents)) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what the code says: run "npm run docs" and commit it.`);
    stale = true;
  } else {
    writeFileSync(path, text);
    console.log(`${path} written`);
  }
}
process.exitCode = stale ? 1 : 0;
