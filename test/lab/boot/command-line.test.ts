import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commandLineLimit,
  type KernelCommandLine,
  renderCommandLine,
} from '../../../src/lab/boot/command-line.ts';

const line: KernelCommandLine = {
  root: { server: '10.77.0.1', path: '/run/bootwright/root', version: 3 },
  consoles: ['tty0', 'ttyS0,115200'],
  panicSeconds: 1,
  enforceModuleSignatures: true,
  parameters: [{ name: 'ifb.numifbs', value: '0' }, { name: 'quiet' }],
};

describe('renderCommandLine', () => {
  test('renders NFS 3 with the ports, so that no portmapper is needed', () => {
    expect(renderCommandLine(line)).toBe(
      'root=/dev/nfs nfsroot=10.77.0.1:/run/bootwright/root,vers=3,tcp,nolock,mountport=20048,port=2049,rsize=65536,wsize=65536 ' +
        'ip=dhcp ro panic=1 module.sig_enforce=1 ifb.numifbs=0 quiet console=tty0 console=ttyS0,115200',
    );
  });

  test('renders NFS 4 without mountd', () => {
    expect(
      renderCommandLine({
        ...line,
        root: { ...line.root, version: 4 },
        enforceModuleSignatures: false,
        parameters: [],
        consoles: [],
      }),
    ).toBe(
      'root=/dev/nfs nfsroot=10.77.0.1:/run/bootwright/root,vers=4,tcp,port=2049,rsize=65536,wsize=65536 ip=dhcp ro panic=1',
    );
  });

  test.each([
    ['a space', { name: 'x', value: 'a b' }],
    ['a newline', { name: 'x', value: 'a\nb' }],
    ['a double quote', { name: 'x', value: '"' }],
    ['a single quote', { name: 'x', value: "'" }],
    ['a variable', { name: 'x', value: '$root' }],
    ['a semicolon', { name: 'x', value: 'a;reboot' }],
    ['a NUL', { name: 'x', value: '\0' }],
    ['an empty name', { name: '' }],
    ['a name with =', { name: 'x=y' }],
    ['a name with a space', { name: 'x init' }],
  ])('refuses %s', (_, parameter) => {
    expect(() => renderCommandLine({ ...line, parameters: [parameter] })).toThrow(
      expect.objectContaining({ code: 'BW-PROOF-COMMAND-LINE' }),
    );
  });

  test.each(['relative/root', '/root,rw', '/a b'])('refuses the NFS path %j', (path) => {
    expect(() => renderCommandLine({ ...line, root: { ...line.root, path } })).toThrow(
      expect.objectContaining({ code: 'BW-PROOF-COMMAND-LINE' }),
    );
  });

  test('counts the final NUL in the limit of the architecture', () => {
    const withFiller = (length: number): string =>
      renderCommandLine({ ...line, parameters: [{ name: 'x', value: 'y'.repeat(length) }] });
    const room = commandLineLimit - 1 - withFiller(0).length;
    expect(withFiller(room)).toHaveLength(commandLineLimit - 1);
    expect(() => withFiller(room + 1)).toThrow(
      expect.objectContaining({ code: 'BW-PROOF-COMMAND-LINE' }),
    );
  });

  test('nothing breaks out: every word is one parameter that was asked for, or it throws', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            name: fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('a', 'b.c')),
            value: fc.string({ unit: 'binary', maxLength: 12 }),
          }),
          { maxLength: 4 },
        ),
        (parameters) => {
          let text: string;
          try {
            text = renderCommandLine({ ...line, parameters, consoles: [] });
          } catch (error) {
            expect(error).toMatchObject({ code: 'BW-PROOF-COMMAND-LINE' });
            return;
          }
          expect(text.split(/\s+/).slice(6)).toEqual(
            parameters.map(({ name, value }) => `${name}=${value}`),
          );
        },
      ),
    );
  });
});
