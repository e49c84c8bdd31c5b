import { defineErrors } from '../definition.ts';

/** Failures of the build as a whole: its workspace and its stages. */
export const pipelineErrors = defineErrors({
  'BW-WORKSPACE-BUSY': {
    exit: 'busy',
    what: 'Another build is running in this workspace.',
    why: 'Two builds in one workspace would overwrite each other, so the first one holds a lock until it ends.',
    hint: 'Wait for it, or name another folder with --workspace.',
  },
  'BW-WORKSPACE-OTHER': {
    exit: 'usage',
    what: 'The folder named as workspace holds something else.',
    why: 'A build deletes what is left of unfinished stages, so it only works in a folder that is empty or its own.',
    hint: 'Name a new or empty folder with --workspace.',
  },
  'BW-STAGE-UNKNOWN': {
    exit: 'usage',
    what: 'There is no stage of that name.',
    why: 'The stages of a build have fixed names.',
    hint: 'Run "bootwright build --help" for the names.',
  },
});
