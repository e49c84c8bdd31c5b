import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startDhcp } from '../../src/lab/dhcp/start.ts';
import { startHttp } from '../../src/lab/http/start.ts';
import { startNfs } from '../../src/lab/nfs/start.ts';
import { tcpSockets } from '../../src/lab/sockets.ts';
import { canLab, insideLab } from './inside.ts';

describe.skipIf(!canLab)('the servers of a lab, over the wire', { timeout: 60_000 }, () => {
  test('HTTP: a file, a missing one, one outside, and a report', async () => {
    await insideLab(async ({ context, folder, client, seen }) => {
      await writeFile(join(await folder('http'), 'kernel'), 'k'.repeat(3_000_000));
      await startHttp(context);
      const get = (path: string) =>
        client('busybox', 'wget', '-q', '-O', '-', `http://10.77.0.1${path}`);
      expect(await get('/kernel')).toHaveLength(3_000_001);
      await expect(get('/other')).rejects.toThrow();
      await expect(get('/../dnsmasq.conf')).rejects.toThrow();
      await expect(get('/%2e%2e/dnsmasq.conf')).rejects.toThrow();
      await client(
        ...(['busybox', 'wget', '-q', '-O', '-', '--post-data', '{"a":1}'] as const),
        'http://10.77.0.1/report',
      );
      await expect.poll(() => seen.filter(({ type }) => type === 'http').length).toBe(5);
      expect(seen).toContainEqual({ type: 'report', body: '{"a":1}' });
      expect(seen).toContainEqual({
        type: 'http',
        method: 'GET',
        path: '/kernel',
        status: 200,
        bytes: 3_000_000,
        complete: true,
      });
      expect(seen).toContainEqual(expect.objectContaining({ path: '/other', status: 404 }));
    });
  });

  test('TFTP: a file and a missing one', async () => {
    await insideLab(async ({ context, folder, client, seen }) => {
      const tftp = await folder('tftp');
      await writeFile(join(tftp, 'a.efi'), 'x'.repeat(100_000));
      await startDhcp(context, { tftp: 'a.efi' });
      const get = (name: string) =>
        client('busybox', 'tftp', '-g', '-r', name, '-l', '/run/got', '10.77.0.1');
      await get('a.efi');
      await expect(get('b.efi')).rejects.toThrow();
      expect(seen).toContainEqual({ type: 'tftp', file: 'a.efi', outcome: 'sent' });
      expect(seen).toContainEqual({ type: 'tftp', file: 'b.efi', outcome: 'missing' });
    });
  });

  test('DHCP: a client on the bridge gets the guest address, the boot file and the options', async () => {
    await insideLab(async ({ context, namespace, folder, client, seen }) => {
      await folder('tftp');
      const boot = {
        tftp: 'lpxelinux.0',
        pxelinux: { configuration: 'pxelinux.cfg', prefix: 'http://10.77.0.1/' },
      };
      await startDhcp(context, boot);
      await client('ip', 'link', 'add', 'client', 'type', 'veth', 'peer', 'name', 'port');
      await client('ip', 'link', 'set', 'client', 'address', '52:54:00:77:00:10', 'up');
      await client('ip', 'link', 'set', 'port', 'master', 'br0', 'up');
      const script = namespace.path('/run/script');
      await writeFile(script, '#!/bin/sh\n[ "$1" = bound ] && env >/run/lease\nexit 0\n', {
        mode: 0o755,
      });
      await client(
        ...(['busybox', 'udhcpc', '-i', 'client', '-n', '-q', '-s', '/run/script'] as const),
        ...['-O', 'bootfile', '-O', '210'],
      );
      const lease = await readFile(namespace.path('/run/lease'), 'utf8');
      expect(lease).toMatch(/^ip=10\.77\.0\.10$/m);
      expect(lease).toMatch(/^(boot_file|bootfile)=lpxelinux\.0$/m);
      expect(lease).toMatch(/^pxeconffile=pxelinux\.cfg$/m);
      expect(lease).toMatch(/^pxepathprefix=http:\/\/10\.77\.0\.1\/$/m);
      expect(seen).toContainEqual({
        type: 'dhcp',
        message: 'ack',
        mac: '52:54:00:77:00:10',
        address: '10.77.0.10',
      });
    });
  });

  test.each([3, 4] as const)(
    'NFS %i: the export can be read, another path cannot',
    async (version) => {
      await insideLab(async ({ context, namespace, folder, client, seen }) => {
        await folder('ganesha');
        await mkdir(join(await folder('root'), 'etc'));
        await startNfs(context, version, '/run/bootwright/root');
        const url = (path: string) => `nfs://10.77.0.1${path}?version=${version}`;
        expect(await client('nfs-ls', url('/run/bootwright/root'))).toMatch(/ etc$/m);
        expect(seen).toEqual([]);
        await expect(client('nfs-ls', url('/run/bootwright/elsewhere'))).rejects.toThrow();
        await expect
          .poll(() => seen)
          .toContainEqual(expect.objectContaining({ type: 'nfs', event: 'refused' }));
        expect((await tcpSockets(namespace)).map(({ localPort }) => localPort)).toContain(2049);
      });
    },
  );

  test('rpcbind inside leaves the socket of the host alone', async () => {
    const before = await stat('/run/rpcbind.sock').catch(() => undefined);
    await insideLab(async ({ context, namespace, folder }) => {
      await folder('ganesha');
      await folder('root');
      await startNfs(context, 3, '/run/bootwright/root');
      await stat(namespace.path('/run/rpcbind.sock'));
      const during = await stat('/run/rpcbind.sock').catch(() => undefined);
      expect(during?.ino).toBe(before?.ino);
    });
  });

  test('a server that does not start is named, with its own words', async () => {
    await insideLab(async ({ context, folder }) => {
      await folder('elsewhere');
      // There is no TFTP root.
      await expect(startDhcp(context, { tftp: 'a.efi' })).rejects.toMatchObject({
        code: 'BW-PROOF-LAB',
        message: expect.stringContaining('dnsmasq'),
      });
    });
  });
});
