import { embeddedBlobs } from '../kernel/firmware/choose.ts';
import { describeGaps, firmwareGaps } from '../kernel/firmware/gaps.ts';
import { formatBytes } from '../system/files.ts';
import { layoutOf, type Manifest } from './manifest.ts';
import type { ShorterStart } from './profile-record.ts';
import type { Change, Promotion } from './promotion.ts';
import type { ProofRecord } from './proof-record.ts';
import { field, plural, width, wrap } from './text-layout.ts';

/** Changes that have the same reason, told together. */
function byReason(changes: readonly Change[]): readonly string[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.reason, change.from, change.to]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((group) => {
    const [{ from, to, reason, location } = { from: null, to: null, reason: '', location: null }] =
      group;
    const where = group.length === 1 && location ? ` (${location})` : '';
    const values = from === to ? `${from ?? 'absent'}` : `${from ?? 'absent'} -> ${to ?? 'gone'}`;
    const why = `${values}: ${reason}${where}`;
    const symbols = group.map(({ symbol }) => symbol);
    const short = `    ${symbols.join(' ')}  ${why}`;
    if (group.length === 1 && short.length <= width) return [short];
    return [...wrap(symbols, '    '), ...wrap(why.split(' '), '        ', '      ')];
  });
}

function names(changes: readonly Change[]): readonly string[] {
  return wrap(
    changes.map(({ symbol }) => symbol),
    '    ',
  );
}

/** How each list of a promotion is headed, and how its entries are told. */
const promotionParts: readonly {
  readonly list: keyof Promotion;
  readonly heading: (count: number) => string;
  readonly entries: (changes: readonly Change[]) => readonly string[];
}[] = [
  {
    list: 'promoted',
    heading: (count) => `${plural(count, 'driver')} built in that stock has as modules:`,
    entries: names,
  },
  {
    list: 'requested',
    heading: (count) => `${plural(count, 'option')} asked for by name:`,
    entries: byReason,
  },
  {
    list: 'raised',
    heading: (count) => `${plural(count, 'symbol')} raised besides, since a driver needs them:`,
    entries: byReason,
  },
  {
    list: 'selected',
    heading: (count) => `${plural(count, 'symbol')} risen along, by select or default:`,
    entries: names,
  },
  {
    list: 'excluded',
    heading: (count) => `${plural(count, 'driver')} left as in stock, on purpose:`,
    entries: byReason,
  },
  {
    list: 'stuck',
    heading: (count) => `${plural(count, 'driver')} that cannot be built in:`,
    entries: byReason,
  },
  {
    list: 'lost',
    heading: (count) =>
      `${plural(count, 'option')} of stock that ${count === 1 ? 'is' : 'are'} gone:`,
    entries: byReason,
  },
  {
    list: 'enabled',
    heading: (count) => `${plural(count, 'symbol')} on now that stock has off:`,
    entries: byReason,
  },
  {
    list: 'pinned',
    heading: (count) => `${plural(count, 'symbol')} held as in stock, against a default:`,
    entries: byReason,
  },
  {
    list: 'settings',
    heading: (count) => `${plural(count, 'value')} set on purpose:`,
    entries: byReason,
  },
];

/** What `--debug-info` comes to, for a person. */
const debugInfoNames: Readonly<Record<Manifest['settings']['debugInfo'], string>> = {
  auto: 'as far as the kernel needs it',
  keep: 'as in stock',
  off: 'off',
};

function scopeText({ scope, fleet }: Manifest['settings']): string {
  if (fleet === undefined) return `scope ${scope}`;
  const machines = plural(fleet.machines.length, 'machine');
  return `scope ${scope} (${fleet.file.name}: ${machines}, ${fleet.drivers.join(' ')})`;
}

function describeOrigin(manifest: Manifest): readonly string[] {
  const { target, source, toolchain, settings, kernel, wrapped } = manifest;
  const variant = target.variant === undefined ? '' : `, variant ${target.variant}`;
  const { spared = [], kept = [] } = settings.debugInfoRemarks ?? {};
  return [
    ...field('uname -r', target.kernelRelease),
    ...field('image says', kernel.version),
    ...field(
      'stands for',
      `${target.name}-${target.version}-${target.release}.${target.architecture}${variant} of ${target.distro}`,
    ),
    ...(wrapped === undefined
      ? [
          ...field('made from', `${source.fileName} (${source.spec})`),
          ...field('sha256', source.sha256),
        ]
      : field(
          'taken from',
          ...wrapped.sources.map(({ fileName, sha256 }) => `${fileName} ${sha256}`),
        )),
    ...field(
      'supplied',
      ...source.supplied.map(
        ({ name, value, reason }) => `${name}${value === '' ? '' : ` = ${value}`}: ${reason}`,
      ),
    ),
    ...field(
      'made by',
      ...toolchain.map(({ name, version }) =>
        version.startsWith(name) ? version : `${name}: ${version}`,
      ),
    ),
    ...field(
      'settings',
      wrapped === undefined
        ? `${scopeText(settings)}, debug info ${debugInfoNames[settings.debugInfo]}, modules ${settings.modules}`
        : `${scopeText(settings)}, modules ${settings.modules}`,
    ),
    ...field(
      'debug info',
      ...spared.map(({ what, reason }) => `not compiled: ${what} (${reason})`),
      ...kept.map(({ what, reason }) => `compiled: ${what} (${reason})`),
    ),
    ...field('deviations', ...settings.deviations.map(({ what, reason }) => `${what}: ${reason}`)),
  ];
}

/** How many paths of a list are shown. */
const shownPaths = 20;

function describeStock(stock: NonNullable<Manifest['stock']>): readonly string[] {
  const { sources, untouched, resigned, types, inImage, rebuilt, missing } = stock;
  const list = (what: string, entries: typeof rebuilt): string[] => [
    ...entries.slice(0, shownPaths).map(({ path, why }) => `${what}: ${path} (${why.join('; ')})`),
    ...(entries.length > shownPaths
      ? [`${what}: ${entries.length - shownPaths} more, see "bootwright show --json"`]
      : []),
  ];
  return field(
    'of stock',
    ...sources.map(({ name }) => `from ${name}`),
    `${untouched} untouched, ${resigned} signed again${types === 'removed' ? ' without their types (BTF)' : ''}, ${rebuilt.length} rebuilt, ${missing.length} missing, ${inImage.length} in the image`,
    ...list('rebuilt', rebuilt),
    ...list('missing', missing),
  );
}

function describeSizes({
  kernel,
  modules,
  bytes,
  files,
  certificate,
  stock,
  stockIndex,
  target,
  wrapped,
}: Manifest): readonly string[] {
  const { count, bytesBefore, bytesAfter, signed } = modules;
  return [
    'What is in it',
    ...field('kernel', `${formatBytes(kernel.bytes)}, ${kernel.image}`),
    ...(wrapped === undefined
      ? []
      : describeInitramfs(wrapped, layoutOf(target.kernelRelease).initramfs, files)),
    ...field(
      'modules',
      count === 0
        ? 'none'
        : wrapped === undefined
          ? `${count}, ${signed ? 'signed' : 'not signed'}: ${formatBytes(bytesBefore)} as ${stock === undefined ? 'compiled' : 'stock has them, unpacked'} -> ${formatBytes(bytesAfter)} stripped`
          : `${count}, ${signed ? 'signed' : 'not signed'}: ${formatBytes(bytesAfter)}, as the vendor packed them`,
    ),
    ...(stock === undefined ? [] : describeStock(stock)),
    ...(stockIndex === undefined
      ? []
      : field(
          'keeps',
          `what ${plural(stockIndex.modules, 'module')} of stock say of themselves, ${stockIndex.promoted} of them in the image: for "bootwright advice"`,
        )),
    ...field('in all', `${plural(files.length, 'file')}, ${formatBytes(bytes)} unpacked`),
    ...field(
      'trusts',
      ...(certificate === undefined
        ? [wrapped === undefined ? 'no certificate of its own' : "the vendor's certificates alone"]
        : [certificate.subject, certificate.sha256]),
      ...(stock?.trusted ?? []).flatMap(({ subject, sha256 }) => [`${subject} (stock's)`, sha256]),
    ),
  ];
}

/** The firmware in the image by its driver, and what is missing, with what comes of that. */
function describeFirmware({ firmware }: Manifest): readonly (readonly string[])[] {
  if (firmware === undefined || firmware.blobs.length === 0) return [];
  const embedded = embeddedBlobs(firmware.blobs);
  const gaps = firmwareGaps(firmware.blobs);
  const leftOut = firmware.blobs.filter(({ state }) => state === 'left-out').length;
  const bytes = embedded.reduce((sum, blob) => sum + (blob.bytes ?? 0), 0);
  const licences = [...new Set(embedded.map(({ licence }) => licence ?? 'not told'))].sort();
  return [
    [
      'Firmware that the drivers in the image ask for',
      ...field(
        'in it',
        embedded.length === 0
          ? 'none'
          : `${plural(embedded.length, 'blob')}, ${formatBytes(bytes)}, ${firmware.way === 'initramfs' ? 'in its initramfs' : 'linked in'}`,
        ...embedded.map(
          ({ driver, path, bytes: size, source }) =>
            `${driver}: ${path}, ${formatBytes(size ?? 0)}, of ${source ?? '?'}`,
        ),
      ),
      ...field('licences', ...(embedded.length === 0 ? [] : licences)),
      ...field('missing', ...(gaps.length === 0 ? ['none'] : describeGaps(gaps))),
      ...field(
        'left out',
        ...(leftOut === 0 ? [] : [`${plural(leftOut, 'blob')} on which no netboot hangs`]),
      ),
    ],
  ];
}

/** What a wrapped kernel is booted with. */
function describeInitramfs(
  { initramfs, secureBoot }: NonNullable<Manifest['wrapped']>,
  path: string,
  files: Manifest['files'],
): readonly string[] {
  const { compression, bytesUnpacked, modules, firmware, firmwareMissing, userland } = initramfs;
  const packed = files.find((file) => file.path === path)?.bytes ?? 0;
  return [
    ...field(
      'signature',
      secureBoot ? "the vendor's, for Secure Boot, as it was" : 'none for Secure Boot',
    ),
    ...field(
      'initramfs',
      `${formatBytes(packed)} (${compression}; ${formatBytes(bytesUnpacked)} in memory), ${path}`,
      `${plural(modules, 'module')}, ${plural(firmware, 'file')} of firmware${firmwareMissing === 0 ? '' : ` (${firmwareMissing} that drivers may ask for are missing)`}, ${userland.version}`,
    ),
  ];
}

function describeChanges({ promotion, configDelta, wrapped }: Manifest): readonly string[] {
  if (wrapped !== undefined) {
    return [
      'What differs from the stock kernel',
      '  nothing: it is the stock kernel. What is in the initramfs and why stands in',
      `    ${promotion.report}`,
    ];
  }
  const lines = ['What differs from the stock kernel'];
  for (const { list, heading, entries } of promotionParts) {
    const changes = promotion[list];
    if (changes.length > 0) lines.push(`  ${heading(changes.length)}`, ...entries(changes));
  }
  if (configDelta.length > 0) {
    const heading = `${plural(configDelta.length, 'symbol')} that the build host changes in the shipped config:`;
    lines.push(`  ${heading}`, ...byReason(configDelta));
  }
  return lines;
}

function describeProofs(proofs: readonly ProofRecord[], id: string): readonly string[] {
  if (proofs.length === 0) {
    return ['Proofs', '  none yet: boot it with', `    bootwright prove ${id}`];
  }
  return [
    'Proofs',
    ...proofs.flatMap(({ verdict, title, time }) =>
      field(verdict, time === undefined ? title : `${title}, ${time}`),
    ),
  ];
}

function describeShorter({ title, drivers, parameter, gain }: ShorterStart): readonly string[] {
  const words =
    `Where no machine has a card of ${drivers.join(', ')}, one more parameter for the kernel ` +
    `takes ${(gain / 1000).toFixed(1)} s off (measured on ${title}):`;
  return ['', ...wrap(words.split(' '), '  '), `    ${parameter}`];
}

function describeUse(
  { id, target, wrapped }: Manifest,
  shorter: ShorterStart | undefined,
): readonly string[] {
  const { image, initramfs, modules } = layoutOf(target.kernelRelease);
  const isWrapped = wrapped !== undefined;
  const root = 'SERVER:/srv/root,vers=3,tcp,nolock,rsize=65536,wsize=65536';
  return [
    'How to boot it',
    '  Unpack it where the boot server serves files from:',
    `    cd /srv/boot && mkdir ${id}`,
    `    tar -xf .../${id}.tar.* -C ${id}`,
    '',
    '  pxelinux.cfg/default:',
    '    LABEL netboot',
    `      KERNEL ${id}/${image}`,
    `      APPEND root=/dev/nfs nfsroot=${root} ip=dhcp ro`,
    // BOOTIF: which card it was booted from.
    ...(isWrapped ? [`      INITRD ${id}/${initramfs}`, '      SYSAPPEND 2'] : []),
    '',
    '  iPXE:',
    '    #!ipxe',
    `    set bundle http://SERVER/${id}`,
    `    set root ${root}`,
    `    kernel \${bundle}/${image}${isWrapped ? ' initrd=initramfs' : ''} root=/dev/nfs nfsroot=\${root} ip=dhcp ro${isWrapped ? ` BOOTIF=01-\${netX/mac:hexhyp}` : ''}`,
    ...(isWrapped ? [`    initrd --name initramfs \${bundle}/${initramfs}`] : []),
    '    boot',
    ...(shorter === undefined ? [] : describeShorter(shorter)),
    '',
    isWrapped
      ? '  /etc/exports (any NFS export will do):'
      : '  /etc/exports (any NFS export will do; the kernel needs no initrd):',
    '    /srv/root *(ro,no_root_squash,no_subtree_check)',
    `  and in it, for modules to load, the bundle's ${modules}`,
  ];
}

/**
 * Explains a bundle to a person, in 80 columns where nothing is to be pasted.
 *
 * @param manifest - the bundle's manifest
 * @param proofs - the proofs that lie beside it
 * @param shorter - how its start has been measured to be shorter
 */
export function describeBundle(
  manifest: Manifest,
  proofs: readonly ProofRecord[],
  shorter?: ShorterStart,
): string {
  return [
    [manifest.id, ...describeOrigin(manifest)],
    describeSizes(manifest),
    ...describeFirmware(manifest),
    describeChanges(manifest),
    describeProofs(proofs, manifest.id),
    describeUse(manifest, shorter),
  ]
    .map((part) => `${part.join('\n')}\n`)
    .join('\n');
}
