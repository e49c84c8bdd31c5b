import { defineErrors } from '../definition.ts';

/** Failures of the ground itself: tools, files, processes, signals. */
export const systemErrors = defineErrors({
  'BW-USAGE': {
    exit: 'usage',
    what: 'The command line was not understood.',
    why: 'An option or argument is missing, unknown, or has a value that it cannot have.',
    hint: 'Run the same command with --help to see what it takes.',
  },
  'BW-TOOL-MISSING': {
    exit: 'host',
    what: 'A program that this step runs is not installed.',
    why: 'Bootwright leaves the work outside its core to the system tools of the field and looks for them on PATH.',
    hint: 'Install the package named above and run the command again.',
  },
  'BW-TOOL-FAILED': {
    exit: 'build',
    what: 'A program that this step runs has failed.',
    why: 'The program ended with an exit status other than 0; its own words are in the log.',
    hint: 'Read the log, or paste the command shown above into a shell to see it fail by hand.',
  },
  'BW-TOOL-TIMEOUT': {
    exit: 'build',
    what: 'A program that this step runs did not end in time and was stopped.',
    why: 'It waits for something that does not come, or the machine is much slower than expected.',
    hint: 'Read the end of the log to see what it was waiting for.',
  },
  'BW-FILE-MISSING': {
    exit: 'input',
    what: 'A file or folder that was named does not exist.',
    why: 'The path is mistyped, or relative to another folder, or the file was moved.',
    hint: 'Check the path; relative paths start at the folder where the command runs.',
  },
  'BW-FILE-ACCESS': {
    exit: 'host',
    what: 'A file or folder cannot be read or written.',
    why: 'Its permissions or its file system (read-only, foreign owner) do not allow it.',
    hint: 'Check owner and mode, or name another folder (--workspace, --out).',
  },
  'BW-FILE-TOO-LARGE': {
    exit: 'input',
    what: 'A file is far longer than any of its kind.',
    why: 'It is something else under that name, or it was made to exhaust the memory of whoever reads it.',
    hint: 'Look at what it is (file, ls -l), and get it again from where it came from.',
  },
  'BW-DISK-FULL': {
    exit: 'host',
    what: 'The file system is full.',
    why: 'A kernel tree takes about 2 GB, its objects 1 to 30 GB, depending on config and debug info.',
    hint: 'Free some space, or name a folder on another file system with --workspace; the next run goes on from the last finished stage.',
  },
  'BW-PATH-ESCAPE': {
    exit: 'input',
    what: 'A path leads out of the folder that it has to stay in.',
    why: 'The name is absolute, or climbs out by "..", or by a symbolic link.',
    hint: 'Do not trust the file that this name came from; get it again from its vendor.',
  },
  'BW-HOST-LACKS': {
    exit: 'host',
    what: 'This host lacks something that the main job takes.',
    why: '"bootwright doctor" has looked for what a build needs, and (as root) a proof, before anything is started.',
    hint: 'Do what stands at the end of the report, then run "bootwright doctor" again.',
  },
  'BW-INTERRUPTED': {
    exit: 'interrupted',
    what: 'Stopped on request.',
    why: 'Ctrl-C or SIGTERM.',
    hint: 'Run the same command again: it goes on from the last finished stage.',
  },
  'BW-INTERNAL': {
    exit: 'internal',
    what: 'Bootwright ran into a defect of its own.',
    why: 'A case that the code does not provide for.',
    hint: 'Please report it, with the command and the lines above.',
  },
});
