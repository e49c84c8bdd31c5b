import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startNeighbour } from '../../src/lab/dhcp/neighbour.ts';
import { startDhcp } from '../../src/lab/dhcp/start.ts';
import { startHttp } from '../../src/lab/http/start.ts';
import { startNfs } from '../../src/lab/nfs/start.ts';
import { tcpSockets } from '../../src/lab/sockets.ts';
import { canLab, type Inside, insideLab } from './inside.ts';

/** Plugs a client in, lets it ask for an address, and gives what it was told. */
async function leaseOf(
  { client, namespace }: Pick<Inside, 'client' | 'namespace'>,
  ...wishes: readonly string[]
): Promise<string> {
  await client('ip', 'link', 'add', 'client', 'type', 'veth', 'peer', 'name', 'port');
  await client('ip', 'link', 'set', 'client', 'address', '52:54:00:77:00:10', 'up');
  await client('ip', 'link', 'set', 'port', 'master', 'br0', 'up');
  const script = namespace.path('/run/script');
  await writeFile(script, '#!/bin/sh\n[ "$1" = bound ] && env >/run/lease\nexit 0\n', {
    mode: 0o755,
  });
  await client(
    ...(['busybox', 'udhcpc', '-i', 'client', '-n', '-q', '-s', '/run/script'] as const),
    ...wishes,
  );
  return readFile(namespace.path('/run/lease'), 'utf8');
}

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
      const lease = await leaseOf({ client, namespace }, '-O', 'bootfile', '-O', '210');
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

  test('HTTP Boot: a client of its vendor class gets a URL, and the class back', async () => {
    await insideLab(async ({ context, namespace, folder, client }) => {
      await folder('tftp');
      const boot = {
        ...{ tftp: 'snponly.efi', httpUrl: 'http://10.77.0.1/snponly.efi' },
        ipxeUrl: 'http://10.77.0.1/boot.ipxe',
      };
      await startDhcp(context, boot, { method: 'http-boot' });
      const vendor = 'HTTPClient:Arch:00016:UNDI:003000';
      const lease = await leaseOf(
        { client, namespace },
        '-V',
        vendor,
        '-O',
        'bootfile',
        '-O',
        '60',
      );
      expect(lease).toMatch(/^(boot_file|bootfile)=http:\/\/10\.77\.0\.1\/snponly\.efi$/m);
      expect(lease).toMatch(/^vendor=HTTPClient$/m);
    });
  });

  test('proxyDHCP: the address is the foreign server’s, the loader ours', async () => {
    await insideLab(async ({ context, namespace, folder, client, seen }) => {
      await folder('tftp');
      await startDhcp(context, { tftp: 'lpxelinux.0' }, { method: 'proxy-dhcp' });
      await startNeighbour(context);
      // Ours has nothing to say to a client that does not want to boot.
      const lease = await leaseOf({ client, namespace });
      expect(lease).toMatch(/^ip=10\.77\.0\.10$/m);
      expect(lease).toMatch(/^serverid=10\.77\.0\.2$/m);
      expect(lease).not.toContain('lpxelinux');
      expect(seen).toContainEqual({
        type: 'dhcp',
        message: 'ack',
        mac: '52:54:00:77:00:10',
        address: '10.77.0.10',
      });
      // A boot ROM is offered a loader beside that address. (This client does not understand it.)
      await client(
        ...([
          'busybox',
          'udhcpc',
          '-i',
          'client',
          '-n',
          '-q',
          '-T',
          '1',
          '-t',
          '1',
          '-s',
          '/bin/true',
        ] as const),
        // Its architecture and its UUID (options 93 and 97, RFC 4578).
        ...[
          '-V',
          'PXEClient:Arch:00000:UNDI:002001',
          '-x',
          '0x5d:0000',
          '-x',
          `0x61:${'00'.repeat(17)}`,
        ],
      ).catch(() => undefined);
      const log = (): Promise<string> => readFile(join(context.logs, 'dnsmasq.log'), 'utf8');
      await expect.poll(log).toMatch(/PXE\(br0\) 52:54:00:77:00:10 proxy/);
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
