import { expect, test } from 'vitest';
import { readableLine } from '../../../src/lab/qemu/console.ts';

test.each([
  ['[    0.0] Linux version 6.12 \r', '[    0.0] Linux version 6.12'],
  ['\u001b[2J\u001b[01;01HWelcome to GRUB!', 'Welcome to GRUB!'],
  ['Press Ctrl-B...\b \b\b \b\b \b\b\b\b\b\b\b\b\b\b\b\b\bnet0', 'net0'],
  ['\0\0ab\bc', 'ac'],
  ['', ''],
])('%j', (raw, shown) => {
  expect(readableLine(raw)).toBe(shown);
});
