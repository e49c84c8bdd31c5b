import { counted } from '../numbers.ts';
import type { ComparisonReport } from '../report.ts';
import type { Section, Tone } from './page.ts';

/** Which kernel it is, and what its modules say of it. */
export function releaseSection({ kernelRelease, vermagic }: ComparisonReport): Section {
  const { equal, source, others } = vermagic;
  const tone: Tone = equal === 'unknown' ? 'unknown' : equal ? 'same' : 'open';
  const words = {
    same: 'Release and vermagic are those of stock',
    unknown: 'The release is that of stock; no module of stock was given to tell the vermagic',
    open: 'The vermagic is not that of stock: the kernel refuses stock modules',
    explained: '',
  };
  const from = source === 'config' ? ', as the config makes it' : '';
  const more =
    others > 0 ? ` ${counted(others, 'module')} of stock say otherwise than the rest.` : '';
  return {
    title: 'Release',
    tone,
    summary: `${words[tone]}${from}.${more}`,
    table: {
      caption: 'Release and vermagic',
      head: ['', 'value'],
      rows: [
        ['uname -r', kernelRelease],
        ['vermagic of stock', vermagic.stock || 'not known'],
        ['vermagic of the bundle', vermagic.bundle],
      ],
    },
    groups: [],
  };
}
