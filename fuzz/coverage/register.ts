/** Loaded by `--import` before a target: puts branch counters into all that is loaded of src/. */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { branchNumbers, hit } from './counters.ts';
import { hitName, instrument } from './instrument.ts';

const sources = new URL('../../src/', import.meta.url).href;
const nextId = branchNumbers();

Object.assign(globalThis, { [hitName]: hit });
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith(sources) || !url.endsWith('.ts')) return loaded;
    const source =
      typeof loaded.source === 'string'
        ? loaded.source
        : Buffer.from((loaded.source ?? '') as Uint8Array).toString();
    return {
      ...loaded,
      format: 'module',
      source: instrument(source, fileURLToPath(url), nextId),
    };
  },
});
