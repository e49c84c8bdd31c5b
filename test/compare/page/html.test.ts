import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparisonHtml, escapeHtml } from '../../../src/compare/page/html.ts';
import { layOut } from '../../../src/compare/page/lay-out.ts';
import type { Page } from '../../../src/compare/page/page.ts';
import { compareKernels } from '../../../src/compare/report.ts';
import { bundle, stock, stockModule } from '../world.ts';

const html = comparisonHtml(layOut(compareKernels(bundle, stock, { kabi: [] })));

/** A page that says one text wherever a page can say something. */
const saying = (text: string): Page => ({
  title: text,
  verdict: text,
  tone: 'open',
  figures: [{ value: text, label: text, tone: 'same' }],
  sections: [
    {
      title: text,
      tone: 'open',
      summary: text,
      table: { caption: text, head: [text, text], rows: [[text, text]] },
      groups: [{ title: text, tone: 'open', why: text, lists: [{ label: text, names: [text] }] }],
    },
  ],
  limits: [text],
});

/** The tags and attributes of a page, without its text. */
const skeleton = (page: string): string => (page.match(/<[^>]*>/g) ?? []).join('');

describe('escapeHtml', () => {
  test('leaves nothing that opens a tag, an attribute or an entity', () => {
    expect(escapeHtml(`<script>alert("x")</script> & 'y'`)).toBe(
      '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;',
    );
    expect(escapeHtml('a\u001b[31m\0')).toBe('a\ufffd[31m\ufffd');
  });
});

describe('comparisonHtml', () => {
  test('no text, wherever it stands, changes what the page is made of', () => {
    const plain = skeleton(comparisonHtml(saying('plain')));
    const hostile = fc.oneof(
      fc.constantFrom(
        '</title><script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        '</style><b>',
        '<!--',
        '&lt;',
        ']]>',
      ),
      // An empty text leaves elements out.
      fc.string({ unit: 'binary', minLength: 1 }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const page = comparisonHtml(saying(text));
        // Links within the page are made of letters and digits alone.
        const links = /(?:href="#|id="|aria-labelledby=")[a-z0-9-]*"/g;
        expect(skeleton(page).replace(links, '')).toBe(plain.replace(links, ''));
      }),
    );
  });

  test('names of a hostile kernel are text', () => {
    const module = '<img src=x onerror=alert(1)>';
    const facts = {
      ...stock,
      modules: [...stock.modules, stockModule(`fs/${module}/${module}.ko`)],
    };
    const page = comparisonHtml(layOut(compareKernels(bundle, facts, { kabi: [] })));
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  test('loads nothing and runs nothing', () => {
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:/i);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect([...html.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith('#'))).toBe(true);
  });

  test('is told by a screen reader as it is seen', () => {
    expect(html).toContain('<html lang="en">');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    const tables = html.match(/<table/g)?.length ?? 0;
    expect(html.match(/<caption>/g)).toHaveLength(tables);
    expect(html).toContain('<th scope="col"');
    expect(html).toContain('<th scope="row"');
    // Every link leads to something, and no name stands for two things.
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, to] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(to);
  });

  test('elements are closed in the order in which they were opened', () => {
    const open: string[] = [];
    for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
      if (name === 'meta') continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('the same comparison makes the same bytes', () => {
    expect(comparisonHtml(layOut(compareKernels(bundle, stock, { kabi: [] })))).toBe(html);
  });
});
