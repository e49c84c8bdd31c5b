import type { MemberDifference } from '../../bundle/reproduction/report.ts';
import { field, plural, wrap } from '../../bundle/text-layout.ts';
import type { Reproduction } from './report.ts';

/** How many files are told one by one. */
const toldFiles = 20;

function describeFile({ path, kind, places, placesInAll }: MemberDifference): readonly string[] {
  if (kind !== 'changed') return [`  ${path}: ${kind}`];
  const more = placesInAll - places.length;
  return [
    `  ${path}`,
    ...places.flatMap(({ where, original, rebuilt }) => [
      `    ${where}`,
      `      original  ${original}`,
      `      rebuilt   ${rebuilt}`,
    ]),
    ...(more > 0 ? [`    and in ${plural(more, 'more place')}`] : []),
  ];
}

const signed: Readonly<Record<Reproduction['signedWith'], string>> = {
  nothing: 'this kernel signs no modules',
  'the key': 'the modules were signed anew, with the key',
  "the bundle's signatures":
    "the key is not here: the image was built with the bundle's certificate, and each module got the bundle's signature, which was checked; nothing was set aside in the comparison",
};

/** What of an archive differs if no file in it does. */
const packedOtherwise =
  'All files are the same, the manifest too. The archive was packed by another version of tar or of the compressor.';

/** What came of building a bundle anew, for a person, in 80 columns. */
export function describeReproduction(reproduction: Reproduction): string {
  const { bundle, verdict, original, rebuilt, build, differences, diffoscope } = reproduction;
  const isSame = verdict === 'same';
  const surroundings = [
    `in ${build.folder}, ${plural(build.jobs, 'job')} at a time`,
    build.ccache ? 'through ccache (objects may be those of the first build)' : 'without ccache',
    `umask ${build.umask}, user name "${build.user}", home ${build.home}`,
  ].join('; ');
  const lines = [
    isSame ? `${bundle}: reproduced, byte for byte.` : `${bundle}: NOT reproduced.`,
    '',
    ...field('original', original.path, original.sha256),
    ...field('rebuilt', rebuilt.path, rebuilt.sha256),
    ...field('built', surroundings),
    ...field('signed', signed[reproduction.signedWith]),
    ...reproduction.otherTools.flatMap(({ name, original: before, here }) =>
      field(name, `"${before}", here "${here}"`),
    ),
  ];
  if (!isSame) {
    lines.push('');
    if (differences.length === 0) lines.push(...wrap(packedOtherwise.split(' '), ''));
    else {
      lines.push(`${plural(differences.length, 'file differs', 'files differ')}:`);
      lines.push(...differences.slice(0, toldFiles).flatMap(describeFile));
      const more = differences.length - toldFiles;
      if (more > 0) lines.push(`  and ${plural(more, 'more file')}`);
      if (differences.every(({ path }) => path === 'manifest.json')) {
        lines.push(
          ...wrap(
            'All other files are the same: another version of Bootwright has written the manifest, or another user has asked for the build otherwise.'.split(
              ' ',
            ),
            '',
          ),
        );
      }
    }
    for (const { path, output } of diffoscope) lines.push(`diffoscope of ${path}: ${output}`);
  }
  if (reproduction.kept !== undefined) lines.push('', `Left to be looked at: ${reproduction.kept}`);
  return lines.join('\n');
}
