import { posix } from 'node:path';
import type { Manifest } from '../bundle/manifest.ts';
import type { ConfigLine } from './config.ts';
import { providerModule, type SymbolDifference } from './exports.ts';
import type { StockFacts } from './facts.ts';
import type { Places } from './modules.ts';
import type { ShapingOption } from './read-shapes.ts';
import type { Standing } from './standing.ts';

/** What makes a symbol differ, as far as it was found. */
export type SymbolCause =
  /** Its module is in the image, and so are all modules that need it: it is exported no more. */
  | 'users-built-in'
  /** Its module is in no part of the bundle, which was to have no modules. */
  | 'modules-left-out'
  /** Its module is in no part of the bundle. */
  | 'module-absent'
  /** An option of its module's folder differs. */
  | 'option'
  /** It is of a driver that stock does not have. */
  | 'new-driver'
  /** Something that stock has off is on. */
  | 'newly-on'
  | 'not-explained';

/** Symbols that differ in the same way for the same cause. */
export interface SymbolGroup {
  readonly what: SymbolDifference['what'];
  readonly cause: SymbolCause;
  readonly standing: Standing;
  /** For a person, as a sentence without its full stop. */
  readonly reason: string;
  readonly location: string;
  /** Modules of stock that need one of them: those outside of the image, or, if there is none, all. */
  readonly users: readonly string[];
  readonly symbols: readonly SymbolDifference[];
}

/** What the explanation of symbols is drawn from. */
export interface SymbolContext {
  readonly manifest: Manifest;
  readonly config: readonly ConfigLine[];
  /** Which options that differ shape structures, by the tree's headers; absent without the tree. */
  readonly shapes?: readonly ShapingOption[];
  readonly stock: Pick<StockFacts, 'modules'>;
  readonly stockPlaces: Places;
  readonly bundlePlaces: Places;
}

type Explanation = Omit<SymbolGroup, 'what' | 'users' | 'symbols'>;

const folderOf = ({ location }: ConfigLine): string => posix.dirname(location.replace(/:\d+$/, ''));

const isOff = (value: string): boolean => value === 'n' || value === 'absent';

/** How many of what could be the cause are named. */
const namedCandidates = 6;

function listed(lines: readonly ConfigLine[]): string {
  const names = lines.map(({ symbol, from, to }) => `${symbol} (${from} -> ${to})`);
  const more = names.length - namedCandidates;
  const shown = names.slice(0, namedCandidates).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Groups the symbols that differ by what makes them. */
export function explainExports(
  differences: readonly SymbolDifference[],
  context: SymbolContext,
): readonly SymbolGroup[] {
  const explainer = new Explainer(context);
  const groups = new Map<
    string,
    {
      readonly group: Explanation;
      readonly users: Set<string>;
      readonly symbols: SymbolDifference[];
    }
  >();
  for (const difference of differences) {
    const group = explainer.explain(difference);
    const key = JSON.stringify([difference.what, group]);
    const known = groups.get(key) ?? { group, users: new Set(), symbols: [] };
    groups.set(key, known);
    known.symbols.push(difference);
    for (const user of explainer.usersOf(difference)) known.users.add(user);
  }
  return Array.from(groups.values(), ({ group, users, symbols }) => ({
    what: symbols[0]?.what ?? 'missing',
    ...group,
    users: [...users].sort(),
    symbols,
  })).sort((a, b) => b.symbols.length - a.symbols.length);
}

class Explainer {
  readonly #context: SymbolContext;
  /** The modules of stock that need a symbol. */
  readonly #users = new Map<string, string[]>();
  /** Lines of the config by the folder of their Kconfig file. */
  readonly #byFolder = new Map<string, ConfigLine[]>();

  constructor(context: SymbolContext) {
    this.#context = context;
    for (const { module, file } of context.stock.modules) {
      for (const name of file?.facts.versions.keys() ?? []) {
        const users = this.#users.get(name);
        if (users === undefined) this.#users.set(name, [module]);
        else users.push(module);
      }
    }
    for (const line of context.config) {
      if (line.location === '') continue;
      const folder = folderOf(line);
      const lines = this.#byFolder.get(folder);
      if (lines === undefined) this.#byFolder.set(folder, [line]);
      else lines.push(line);
    }
  }

  /** The modules of stock outside of the image that need a symbol. */
  #staying(name: string): readonly string[] {
    const { bundlePlaces } = this.#context;
    return (this.#users.get(name) ?? []).filter((user) => bundlePlaces.get(user) !== 'built-in');
  }

  /** The modules of stock that need a symbol: those outside of the image, or, if there is none, all. */
  usersOf({ name }: SymbolDifference): readonly string[] {
    const staying = this.#staying(name);
    return staying.length > 0 ? staying : (this.#users.get(name) ?? []);
  }

  explain(difference: SymbolDifference): Explanation {
    switch (difference.what) {
      case 'missing':
        return this.#missing(difference);
      case 'added':
        return this.#added(difference);
      default:
        return this.#changed(difference);
    }
  }

  /** Options of the folder that a provider is compiled in, or of the nearest one above it. */
  #optionsOf(provider: string): readonly ConfigLine[] {
    if (!provider.includes('/')) return [];
    for (
      let folder = posix.dirname(provider);
      folder.includes('/');
      folder = posix.dirname(folder)
    ) {
      const lines = this.#byFolder.get(folder);
      if (lines !== undefined) return lines;
    }
    return [];
  }

  #missing({ name, provider }: SymbolDifference): Explanation {
    const { bundlePlaces, manifest } = this.#context;
    const module = providerModule(provider);
    if (provider === 'vmlinux') return this.#missingFromImage();
    const place = bundlePlaces.get(module);
    if (place === undefined) {
      return manifest.settings.modules === 'none'
        ? {
            cause: 'modules-left-out',
            standing: 'explained',
            reason: 'of modules that the bundle does not have (--modules none)',
            location: '',
          }
        : {
            cause: 'module-absent',
            standing: 'open',
            reason: 'of modules that are in no part of the bundle',
            location: '',
          };
    }
    const fallen = this.#optionsOf(provider).filter(({ to }) => isOff(to));
    const option = fallen.length === 0 ? '' : `; of its options there went ${listed(fallen)}`;
    const location = fallen[0]?.location ?? '';
    const isNeeded = this.#staying(name).length > 0;
    if (place === 'built-in' && !isNeeded) {
      const reason = `of ${module}, which exports them only as a module; no module of stock that is not in the image needs them${option}`;
      return { cause: 'users-built-in', standing: 'explained', reason, location };
    }
    if (fallen.length > 0) {
      const standing = isNeeded ? 'open' : 'explained';
      const reason = `of ${module}, which is there, but does not export them${option}`;
      return { cause: 'option', standing, reason, location };
    }
    const reason = `of ${module}, which is there, but does not export them`;
    return { cause: 'not-explained', standing: 'open', reason, location: '' };
  }

  #missingFromImage(): Explanation {
    const fallen = this.#context.config.filter(({ from, to }) => !isOff(from) && isOff(to));
    const reason =
      fallen.length === 0
        ? 'of the image itself; no option of stock is off that could have taken them along'
        : `of the image itself; options of stock that are off now: ${listed(fallen)}`;
    return { cause: 'not-explained', standing: 'open', reason, location: '' };
  }

  #added({ provider }: SymbolDifference): Explanation {
    const { stockPlaces, config, manifest } = this.#context;
    const module = providerModule(provider);
    if (provider !== 'vmlinux' && !stockPlaces.has(module)) {
      const isGiven =
        provider.startsWith('/') ||
        (manifest.settings.wishes?.drivers?.some(({ name }) => name === module) ?? false);
      const reason = `of ${module}, which stock does not have${isGiven ? ' (--with-module)' : ''}`;
      return { cause: 'new-driver', standing: 'explained', reason, location: '' };
    }
    const risen = config.filter(({ from, to }) => isOff(from) && !isOff(to));
    if (risen.length > 0) {
      const reason = `one of the options that stock has off and the bundle has on: ${listed(risen)}`;
      return { cause: 'newly-on', standing: 'explained', reason, location: '' };
    }
    const reason = 'no option is on that stock has off';
    return { cause: 'not-explained', standing: 'open', reason, location: '' };
  }

  /** A CRC is that of a type, whatever the cause: a module of stock that needs it is refused. */
  #changed({ provider }: SymbolDifference): Explanation {
    const { config, manifest, shapes } = this.#context;
    const patches = manifest.settings.wishes?.patches ?? [];
    const own = this.#optionsOf(provider);
    const debug = config.filter(({ symbol }) => /^(DEBUG_INFO|BTF|MODULE_ALLOW_BTF)/.test(symbol));
    const switched = config.filter(({ from, to }) => isOff(from) !== isOff(to));
    const candidates: string[] = [];
    if (shapes !== undefined && shapes.length > 0) candidates.push(shapedTypes(shapes));
    if (own.length > 0) candidates.push(`options of its folder: ${listed(own)}`);
    if (patches.length > 0) {
      candidates.push(`patches of the user's: ${patches.map(({ name }) => name).join(', ')}`);
    }
    // The headers tell more than that an option differs.
    if (shapes === undefined && debug.length > 0) {
      candidates.push(
        `debug information, since struct module has fields for BTF: ${listed(debug)}`,
      );
    } else if (shapes === undefined && switched.length > 0) {
      candidates.push(`options that are on in one of the two only: ${listed(switched)}`);
    }
    const location = shapes?.[0]?.location ?? own[0]?.location ?? debug[0]?.location ?? '';
    const isFound = (shapes ?? debug).length > 0 || own.length > 0;
    return {
      cause: isFound ? 'option' : 'not-explained',
      standing: 'open',
      reason:
        candidates.length === 0
          ? 'not explained: nothing was found that shapes types and differs'
          : `not proven; could be ${candidates.join('; or ')}`,
      location,
    };
  }
}

/** Structures that options shape, each with its option. */
function shapedTypes(shapes: readonly ShapingOption[]): string {
  const names = shapes.map(
    ({ symbol, type, from, to }) => `${type} by ${symbol} (${from} -> ${to})`,
  );
  const more = names.length - namedCandidates;
  const shown = names.slice(0, namedCandidates).join(', ');
  return `what the headers make of options: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
