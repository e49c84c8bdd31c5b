import { describe, expect, it } from 'vitest';
import { renumberSources } from '../../../src/kernel/source/renumber.ts';

const error = 'rpm cannot read the spec: source 29 defined multiple times';

describe('renumberSources', () => {
  it('leaves the number to the last one, as older rpm did', () => {
    const spec =
      'Source28: a\nSource29: b\nSource29 : c\nsource029: d\nSource120: e\nPatch29: f\n%prep\ncp %{SOURCE29} .\n';
    expect(renumberSources(spec, error)).toEqual({
      text: 'Source28: a\nSource30: b\nSource31 : c\nsource029: d\nSource120: e\nPatch29: f\n%prep\ncp %{SOURCE29} .\n',
      name: 'source 29',
    });
    expect(
      renumberSources('Patch1: a\nPatch1: b\n', 'patch 1 defined multiple times'),
    ).toMatchObject({ text: 'Patch2: a\nPatch1: b\n' });
  });

  it('leaves alone what may be two branches of one condition', () => {
    const spec = '%if 1\nSource29: a\n%else\nSource29: b\n%endif\nSource29: c\n';
    expect(renumberSources(spec, error)).toBeUndefined();
  });

  it('does nothing about other errors', () => {
    expect(renumberSources('Source29: a\nSource29: b\n', 'line 3: Unknown tag')).toBeUndefined();
  });
});
