import { Writable } from 'node:stream';

/**
 * A terminal as far as our output needs one: it keeps what is on the screen
 * (with all that has scrolled off) and the text as it came.
 */
export class Screen extends Writable {
  readonly isTTY: boolean = true;
  columns: number;
  rows: number;
  readonly lines: string[] = [''];
  raw = '';
  #row = 0;
  #column = 0;

  constructor(columns = 80, rows = 24) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  getColorDepth(): number {
    return 1;
  }

  /** What a person sees, without the spaces at the ends of lines and what is empty below the cursor. */
  get text(): string {
    const lines = this.lines.map((line) => line.trimEnd());
    const filled = lines.findLastIndex((line) => line !== '') + 1;
    return lines.slice(0, Math.max(filled, this.#row + 1)).join('\n');
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    const text = String(chunk);
    this.raw += text;
    for (const [token, parameter, command] of text.matchAll(
      /\x1b\[([?\d;]*)([A-Za-z])|\x1b.|[^\x1b]/g,
    )) {
      if (command !== undefined) this.#control(command, parameter ?? '');
      else this.#type(token);
    }
    done();
  }

  /** Gives the window another width. The terminal wraps anew what does not fit, as most do today. */
  resize(columns: number): void {
    const before = this.lines.splice(0);
    for (const [row, line] of before.entries()) {
      if (row === this.#row) this.#row = this.lines.length;
      const pieces = line.trimEnd().match(new RegExp(`.{1,${columns}}`, 'gsu')) ?? [''];
      this.lines.push(...pieces);
    }
    this.columns = columns;
    this.emit('resize');
  }

  #type(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#row += 1;
      this.#column = 0;
      if (this.#row === this.lines.length) this.lines.push('');
    } else {
      const line = (this.lines[this.#row] ?? '').padEnd(this.#column);
      this.lines[this.#row] =
        line.slice(0, this.#column) + character + line.slice(this.#column + 1);
      this.#column += 1;
    }
  }

  #control(command: string, parameter: string): void {
    const count = Number(parameter) || 1;
    if (command === 'A') this.#row = Math.max(0, this.#row - count);
    else if (command === 'B') this.#row = Math.min(this.lines.length - 1, this.#row + count);
    else if (command === 'G') this.#column = count - 1;
    else if (command === 'J') {
      this.lines.splice(this.#row + 1);
      this.lines[this.#row] = (this.lines[this.#row] ?? '').slice(0, this.#column);
    } else if (command === 'K') {
      const line = this.lines[this.#row] ?? '';
      this.lines[this.#row] = parameter === '2' ? '' : line.slice(0, this.#column);
    } else if (!['m', 'h', 'l'].includes(command)) {
      throw new Error(`the screen does not know ESC [ ${parameter} ${command}`);
    }
  }
}
