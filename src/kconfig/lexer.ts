import { indentOf, isBlank } from './help.ts';
import { Allowance, limits } from './limits.ts';
import type { Dialect, Location } from './model.ts';
import type { Preprocessor } from './preprocess.ts';
import { type Keywords, keywordsOf, Token, type TokenKind } from './tokens.ts';

/** A file that is being read, and where the reader is in it. */
interface Source {
  readonly file: string;
  readonly text: string;
  position: number;
  line: number;
  /** The statement that includes the next file. */
  statement: number;
}

/** What including a file costs beside its text, in characters. */
const inclusionCost = 1000;

const newline = 0x0a;
const dash = 0x2d;

/** For every ASCII character whether words are made of it. */
function wordCharacters(pattern: RegExp): readonly boolean[] {
  return Array.from({ length: 128 }, (_, c) => pattern.test(String.fromCharCode(c)));
}

const plainWords = wordCharacters(/[A-Za-z0-9_-]/);
const wordsWithoutDash = wordCharacters(/[A-Za-z0-9_]/);
const pathWords = wordCharacters(/[A-Za-z0-9_/.-]/);

/** Splits Kconfig files into tokens (scripts/kconfig/lexer.l), macros expanded. */
export class Lexer {
  /** The text of the last word, quoted word, assigned value or help text. */
  value = '';
  /** Line of the statement that the last token belongs to. */
  statementLine = 0;
  #source: Source;
  readonly #outer: Source[] = [];
  readonly #inclusions = new Allowance(limits.nesting, 'files include each other too deeply');
  readonly #sourceText = new Allowance(limits.sourceText, 'files include too much, over and over');
  readonly #keywords: Keywords;
  /** What words are made of at the start of a line, and further on. */
  readonly #firstCharacters: readonly boolean[];
  readonly #laterCharacters: readonly boolean[];
  readonly #assignsBehindHelp: boolean;
  readonly #ignoresDashes: boolean;
  /** What begins a macro; no character where there are none. */
  readonly #dollar: number;
  readonly #preprocessor: Preprocessor;
  readonly #warn: (location: Location, message: string) => void;
  /** The last word is nothing but an answer that is not known yet. */
  #isAwaited = false;
  #previous: TokenKind = Token.eol;
  #beforePrevious: TokenKind = Token.eol;
  #mode: 'normal' | 'assignment' | 'help' = 'normal';

  constructor(
    file: string,
    text: string,
    dialect: Dialect,
    preprocessor: Preprocessor,
    warn: (location: Location, message: string) => void,
  ) {
    this.#source = { file, text, position: 0, line: 1, statement: 0 };
    this.#keywords = keywordsOf(dialect);
    this.#assignsBehindHelp = dialect.keywordsByPlace;
    this.#ignoresDashes = dialect.ignoresDashes;
    this.#dollar = dialect.macros ? 0x24 : -1;
    this.#firstCharacters = dialect.ignoresDashes ? wordsWithoutDash : plainWords;
    this.#laterCharacters = dialect.pathsAreWords ? pathWords : plainWords;
    this.#preprocessor = preprocessor;
    this.#warn = warn;
  }

  get file(): string {
    return this.#source.file;
  }

  /** The line that is being read, which may be behind the statement's first. */
  get line(): number {
    return this.#source.line;
  }

  /** The `source` statements that led here, innermost first. */
  get includedFrom(): Location[] {
    return this.#outer.map(({ file, statement }) => ({ file, line: statement })).reverse();
  }

  /** Goes on with another file, and comes back at its end. */
  include(file: string, text: string): void {
    this.#inclusions.spend(1);
    this.#sourceText.spend(text.length + inclusionCost);
    this.#source.statement = this.statementLine;
    this.#outer.push(this.#source);
    this.#source = { file, text, position: 0, line: 1, statement: 0 };
  }

  /** Makes the next token the help text. */
  startHelp(): void {
    this.#mode = 'help';
  }

  /**
   * Whether the last word is nothing but an answer that is not known yet: for who can put it in its
   * place later. If nobody asks, the files have to be read again.
   */
  takeAwaited(): boolean {
    const isAwaited = this.#isAwaited;
    this.#isAwaited = false;
    return isAwaited;
  }

  /** To be called where the last word matters though its text is not known yet. */
  unsettled(): void {
    this.#preprocessor.unsettled();
  }

  next(): TokenKind {
    if (this.takeAwaited()) this.unsettled();
    for (;;) {
      const kind = this.#scan();
      if (this.#atStart()) {
        // Empty lines are nothing to the parser.
        if (kind === Token.eol) continue;
        this.statementLine = this.#source.line;
      }
      if (
        this.#startedLine() &&
        this.#previous === Token.word &&
        (kind === Token.equal || kind === Token.colonEqual || kind === Token.plusEqual)
      ) {
        this.#mode = 'assignment';
      }
      this.#beforePrevious = this.#previous;
      this.#previous = kind;
      return kind;
    }
  }

  /** Whether the next token is the first of a line. */
  #atStart(): boolean {
    return this.#previous === Token.eol || this.#previous === Token.helpText;
  }

  /** Whether the last token was the first of a line that an assignment can be on. */
  #startedLine(): boolean {
    // Newer kconfig knows no assignment right behind a help text.
    const behindHelp = this.#assignsBehindHelp && this.#beforePrevious === Token.helpText;
    return behindHelp || this.#beforePrevious === Token.eol;
  }

  #isWordCharacter(c: number): boolean {
    return (this.#atStart() ? this.#firstCharacters : this.#laterCharacters)[c] ?? false;
  }

  #scan(): TokenKind {
    if (this.#mode === 'help') return this.#help();
    if (this.#mode === 'assignment') {
      const kind = this.#assignedValue();
      if (kind !== undefined) return kind;
    }
    const { text } = this.#source;
    let start = this.#source.position;
    for (;;) {
      const c = text.charCodeAt(start);
      if (isBlank(c)) {
        start++;
      } else if (c === newline) {
        this.#source.line++;
        this.#source.position = start + 1;
        return Token.eol;
      } else if (this.#isWordCharacter(c) || c === this.#dollar) {
        const kind = this.#word(text, start);
        if (kind !== undefined) return kind;
        // A macro that expands to nothing is no token.
        start = this.#source.position;
      } else if (c === 0x23) {
        const end = text.indexOf('\n', start);
        start = end < 0 ? text.length : end;
      } else if (c === 0x22 || c === 0x27) {
        this.#source.position = start + 1;
        return this.#quoted(c);
      } else if (c === 0x5c && text.charCodeAt(start + 1) === newline) {
        this.#source.line++;
        start += 2;
      } else if (start >= text.length) {
        this.#source.position = start;
        return this.#endOfFile();
      } else {
        const length = this.#operator(text, start, c);
        this.#source.position = start + Math.max(length, 1);
        if (length > 0) return this.#operatorKind;
        if (!this.#ignoresDashes) {
          this.#warn(
            { file: this.file, line: this.line },
            `ignoring unsupported character '${text[start]}'`,
          );
        }
        start++;
      }
    }
  }

  #operatorKind: TokenKind = Token.or;

  /** The length of the operator at this place, 0 if there is none. */
  #operator(text: string, start: number, c: number): number {
    const second = text.charCodeAt(start + 1);
    const single = (kind: TokenKind): number => {
      this.#operatorKind = kind;
      return 1;
    };
    const double = (kind: TokenKind): number => {
      this.#operatorKind = kind;
      return 2;
    };
    switch (c) {
      case 0x7c: // |
        return second === 0x7c ? double(Token.or) : 0;
      case 0x26: // &
        return second === 0x26 ? double(Token.and) : 0;
      case 0x3d: // =
        return single(Token.equal);
      case 0x21: // !
        return second === 0x3d ? double(Token.unequal) : single(Token.not);
      case 0x3c: // <
        return second === 0x3d ? double(Token.lessEqual) : single(Token.less);
      case 0x3e: // >
        return second === 0x3d ? double(Token.greaterEqual) : single(Token.greater);
      case 0x28:
        return single(Token.open);
      case 0x29:
        return single(Token.close);
      case 0x3a: // :
        return second === 0x3d ? double(Token.colonEqual) : 0;
      case 0x2b: // +
        return second === 0x3d ? double(Token.plusEqual) : 0;
      default:
        return 0;
    }
  }

  /** A word; one with a `$` in it is expanded, and the expansion is not looked at again. */
  #word(text: string, start: number): TokenKind | undefined {
    const characters = this.#atStart() ? this.#firstCharacters : this.#laterCharacters;
    let end = start;
    while (characters[text.charCodeAt(end)] === true) end++;
    if (text.charCodeAt(end) !== this.#dollar) {
      this.#source.position = end;
      this.value = text.slice(start, end);
      // All keywords are in small letters, and nearly all names are not.
      if (text.charCodeAt(start) < 0x61 && text.charCodeAt(start) !== dash) return Token.word;
      if (this.#ignoresDashes && this.value === '---') return undefined;
      const { first, later } = this.#keywords;
      return (this.#atStart() ? first : later).get(this.value) ?? Token.word;
    }
    const line = text.slice(0, lineEnd(text, start));
    let out = '';
    let position = start;
    let isProvisional = false;
    for (;;) {
      const c = line.charCodeAt(position);
      if (c === this.#dollar) {
        const [expansion, after] = this.#preprocessor.expandReference(line, position + 1);
        isProvisional ||= this.#preprocessor.provisional;
        out += expansion;
        position = after;
      } else if (position < line.length && this.#isWordCharacter(c)) {
        out += line[position++];
      } else break;
    }
    this.#source.position = position;
    this.value = out;
    if (isProvisional) {
      this.#isAwaited = this.#preprocessor.isAnswer(out);
      if (!this.#isAwaited) this.unsettled();
    }
    return out === '' ? undefined : Token.word;
  }

  #quoted(quote: number): TokenKind {
    const { text } = this.#source;
    let position = this.#source.position;
    let out = '';
    for (;;) {
      const c = text.charCodeAt(position);
      if (position >= text.length) break;
      if (c === newline) {
        this.#warn(
          { file: this.file, line: this.statementLine },
          'multi-line strings not supported',
        );
        break;
      }
      if (c === quote) {
        position++;
        break;
      }
      if (c === this.#dollar) {
        const line = text.slice(0, lineEnd(text, position));
        const [expansion, after] = this.#preprocessor.expandReference(line, position + 1);
        if (this.#preprocessor.provisional) this.unsettled();
        out += expansion;
        position = after;
      } else if (c === 0x5c) {
        position++;
        if (position < text.length && text.charCodeAt(position) !== newline)
          out += text[position++];
      } else {
        const from = position++;
        for (;;) {
          const d = text.charCodeAt(position);
          if (
            position >= text.length ||
            d === this.#dollar ||
            d === 0x22 ||
            d === 0x27 ||
            d === 0x5c ||
            d === newline
          )
            break;
          position++;
        }
        out += text.slice(from, position);
      }
    }
    this.#source.position = position;
    this.value = out;
    return Token.quoted;
  }

  #assignedValue(): TokenKind | undefined {
    this.#mode = 'normal';
    const { text, position } = this.#source;
    let start = position;
    while (isBlank(text.charCodeAt(start))) start++;
    const end = lineEnd(text, start);
    this.#source.position = end;
    if (start === end) return undefined;
    this.value = text.slice(start, end);
    return Token.assigned;
  }

  /**
   * Help text ends at the first line that is indented less than its first. The value is the text as
   * it stands in the file: see helpText().
   */
  #help(): TokenKind {
    this.#mode = 'normal';
    const { text, position: start } = this.#source;
    let position = start;
    let firstIndent = 0;
    while (position < text.length) {
      let end = position;
      while (isBlank(text.charCodeAt(end))) end++;
      if (text.charCodeAt(end) !== newline) {
        const indent = indentOf(text, position, end);
        if (end > position && indent < firstIndent) {
          this.#source.position = end;
          this.value = text.slice(start, position);
          return Token.helpText;
        }
        end = lineEnd(text, end);
        if (firstIndent === 0) firstIndent = indent;
      }
      position = end;
      if (position < text.length) {
        position++;
        this.#source.line++;
        if (position < text.length && !isBlankOrNewline(text.charCodeAt(position))) break;
      }
    }
    this.#source.position = position;
    this.value = text.slice(start, position);
    return Token.helpText;
  }

  #endOfFile(): TokenKind {
    if (!this.#atStart()) {
      this.#warn({ file: this.file, line: this.line }, 'no new line at end of file');
    }
    const outer = this.#outer.pop();
    if (!outer) return Token.end;
    this.#inclusions.giveBack(1);
    this.#source = outer;
    return Token.eol;
  }
}

function isBlankOrNewline(c: number): boolean {
  return isBlank(c) || c === newline;
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}
