import { expect, test } from 'vitest';
import { diagnosePatch } from '../../../../src/kernel/source/changes/apply-patches.ts';
import { filesNamedIn } from '../../../../src/kernel/source/changes/named-files.ts';

test.each<[string, string, string[]]>([
  [
    'one by git',
    'From 1234\n---\n drivers/net/a.c | 2 +-\n\ndiff --git a/drivers/net/a.c b/drivers/net/a.c\nindex 1..2 100644\n--- a/drivers/net/a.c\n+++ b/drivers/net/a.c\n@@ -1 +1 @@\n-x\n+y\n-- \n2.39\n',
    ['drivers/net/a.c'],
  ],
  [
    'one by diff, with times',
    '--- linux.orig/a.c\t2020-01-01\n+++ linux/a.c\t2020-01-02\n',
    ['a.c'],
  ],
  ['a new file', '--- /dev/null\n+++ b/new.c\n@@ -0,0 +1 @@\n+x\n', ['new.c']],
  ['a file that goes', '--- a/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n', ['old.c']],
  [
    'a rename without a change',
    'diff --git a/x/old.c b/x/new.c\nsimilarity index 100%\nrename from x/old.c\nrename to x/new.c\n',
    ['x/old.c', 'x/new.c'],
  ],
  [
    'a change of mode',
    'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n',
    ['run.sh'],
  ],
  ['a context diff', '*** linux.orig/a.c\t2020\n--- linux/a.c\t2020\n*** 1,3 ****\n', ['a.c']],
  ['lines that end as on DOS', '--- a/a.c\r\n+++ b/a.c\r\n', ['a.c']],
  ['names without a folder to be taken off', '--- a.c\n+++ a.c\n', []],
  ['a web page', '<html><body>404</body></html>\n', []],
])('the files of %s', (_, text, names) => {
  expect([...filesNamedIn(text)]).toEqual(names);
});

test.each<[string, string[], ReturnType<typeof diagnosePatch>]>([
  [
    'another content',
    ['patching file drivers/net/a.c', 'Hunk #2 FAILED at 37.', '1 out of 3 hunks FAILED'],
    {
      why: 'drivers/net/a.c, hunk 2: line 37 of the tree is not as it expects',
      isThere: false,
    },
  ],
  [
    'a second time',
    [
      'patching file a.c',
      'Reversed (or previously applied) patch detected!  Skipping patch.',
      '1 out of 1 hunk ignored',
    ],
    { why: 'a.c has its changes already', isThere: true },
  ],
  [
    'a file that is to be new',
    ['The next patch would create the file new.c,', 'which already exists!  Skipping patch.'],
    { why: 'the tree has new.c already', isThere: true },
  ],
  [
    'a file that is not there',
    [
      "can't find file to patch at input line 4",
      'Perhaps you used the wrong -p or --strip option?',
      'The text leading up to this was:',
      '--------------------------',
      '|diff --git a/x/none.c b/x/none.c',
      '|--- a/x/none.c',
      '|+++ b/x/none.c',
      '--------------------------',
    ],
    { why: 'the tree has no x/none.c', isThere: false },
  ],
  [
    'a patch that was cut off',
    ['patching file a.c', 'patch: **** malformed patch at line 5:  '],
    { why: 'malformed patch at line 5:', isThere: false },
  ],
  [
    'a binary file',
    ['File fw.bin: git binary diffs are not supported.'],
    { why: 'fw.bin is changed as a binary file, which patch cannot do', isThere: false },
  ],
  ['nothing that is known', [], { why: 'a file is not as it expects', isThere: false }],
])('what patch says of %s', (_, lines, diagnosis) => {
  expect(diagnosePatch(lines)).toEqual(diagnosis);
});
