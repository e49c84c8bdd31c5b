import { describe, expect, it } from 'vitest';
import { bubblewrapArguments } from '../../../src/kernel/source/sandbox.ts';

describe('bubblewrapArguments', () => {
  const args = bubblewrapArguments(
    '/home/somebody/builds/rpm',
    ['/home/somebody', '/tmp', '/run'],
    '/home/somebody/opt/gcc/bin:/home/somebody/.local/bin:/usr/bin',
    true,
  ).join(' ');

  it('covers the home, but shows what of it is on PATH, read-only', () => {
    expect(args).toContain('--tmpfs /home/somebody');
    expect(args).toContain('--ro-bind-try /home/somebody/opt /home/somebody/opt');
    expect(args).toContain('--ro-bind-try /home/somebody/.local /home/somebody/.local');
    expect(args.indexOf('--tmpfs /home/somebody')).toBeLessThan(args.indexOf('--ro-bind-try'));
  });

  it('makes one folder writable, last, and lets others enter the way to it', () => {
    expect(args).toContain('--dir /home/somebody/builds --bind /home/somebody/builds/rpm');
    expect(args.match(/--bind /g)).toHaveLength(1);
    expect(args).toContain('--ro-bind / /');
  });

  it('cuts the network off', () => {
    expect(args).toContain('--unshare-net');
  });

  it('can do without a process table of its own', () => {
    const shared = bubblewrapArguments('/w', [], '/usr/bin', false).join(' ');
    expect(shared).not.toContain('--unshare-pid');
    expect(shared).toContain('--ro-bind /proc /proc');
  });
});
