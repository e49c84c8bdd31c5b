import {
  type ErrorDefinition,
  type ExitClass,
  exitMeaning,
  exitStatus,
} from '../../src/system/errors/definition.ts';
import { errorTable } from '../../src/system/errors/table.ts';

/** `docs/ERRORS.md`: every code, with why it happens and what to do. */
export function errorsDocument(): string {
  const rows: readonly (readonly [string, ErrorDefinition])[] = Object.entries(errorTable);
  const statuses = Object.entries(exitStatus)
    .map(([name, status]) => `| ${status} | ${name} | ${exitMeaning[name as ExitClass]} |`)
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

| exit status | class | meaning |
|---|---|---|
| 0 | done | |
${statuses}

${sections}`;
}
