/** A member of a hand-made archive. */
export interface Member {
  readonly name: string;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** Writes a newc archive, with whatever names it is given: for tests of what must be refused. */
export function writeCpio(members: readonly Member[]): Buffer {
  const parts = [...members, { name: 'TRAILER!!!', mode: 0 }].map((member) => {
    const content = Buffer.from(('content' in member ? member.content : undefined) ?? '');
    const name = Buffer.from(`${member.name}\0`);
    const fields = [
      1,
      member.mode ?? 0o100644,
      0,
      0,
      1,
      0,
      content.length,
      0,
      0,
      0,
      0,
      name.length,
      0,
    ];
    const header = Buffer.from(`070701${fields.map(hex).join('')}`);
    return Buffer.concat([padded(Buffer.concat([header, name])), padded(content)]);
  });
  return Buffer.concat(parts);
}
