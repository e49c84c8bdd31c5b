import type { Command } from 'commander';
import { z } from 'zod';
import { defaultsSchema } from '../../src/cli/defaults/schema.ts';

/** `docs/bootwright.schema.json`: what a file of defaults may hold, for editors. */
export function schemaDocument(program: Command): string {
  // Editors understand this draft best.
  const schema = z.toJSONSchema(defaultsSchema(program), { target: 'draft-7' });
  return `${JSON.stringify({ title: 'Defaults of bootwright', ...schema }, undefined, 2)}\n`;
}
