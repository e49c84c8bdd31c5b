/** The look of the page: by day, by night, and on paper. Colours are never the only sign of anything. */
export const styles = `
:root {
  --ground: #fff; --soft: #f4f5f7; --text: #1b1f24; --faint: #57606a; --line: #d5d9de;
  --same: #1a7f37; --explained: #0b5cad; --open: #b42318; --unknown: #7d5a00; --link: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --soft: #1d2127; --text: #e6e8eb; --faint: #a3abb5; --line: #39404a;
    --same: #57c878; --explained: #77b4f5; --open: #ff8a7d; --unknown: #e0b64c; --link: #77b4f5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 62rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
}
.what { margin: 0; color: var(--faint); }
h1 { margin: .2rem 0 1rem; font-size: 1.35rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 2.2rem 0 .4rem; font-size: 1.2rem; }
h3, h4 { display: inline; font-size: 1rem; margin: 0; }
h4 { display: block; margin: .8rem 0 .2rem; font-weight: 600; overflow-wrap: anywhere; }
p { margin: .4rem 0; max-width: 48rem; overflow-wrap: anywhere; }
a { color: var(--link); }
code { font: .875em ui-monospace, monospace; }
.verdict {
  font-size: 1.15rem; padding: .8rem 1rem; background: var(--soft); border-left: .35rem solid;
  border-radius: .2rem; max-width: none;
}
.verdict.explained, .verdict.same { border-color: var(--same); }
.verdict.open { border-color: var(--open); }
.figures { list-style: none; margin: 1rem 0; padding: 0; display: grid; gap: .75rem;
  grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
.figures li { background: var(--soft); border-radius: .3rem; padding: .7rem .9rem; border-top: .2rem solid; }
.figures b { display: block; font-size: 1.35rem; color: var(--text); }
.figures span { color: var(--faint); font-size: .9rem; }
.figures .same { border-color: var(--same); } .figures .explained { border-color: var(--explained); }
.figures .open { border-color: var(--open); } .figures .unknown { border-color: var(--unknown); }
.mark { font-size: .8rem; font-weight: 600; white-space: nowrap; border: 1px solid; border-radius: 1rem; padding: .05rem .55rem; }
.mark.same { color: var(--same); } .mark.explained { color: var(--explained); }
.mark.open { color: var(--open); } .mark.unknown { color: var(--unknown); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .8rem 0; }
caption { text-align: left; color: var(--faint); font-size: .9rem; padding-bottom: .2rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
td { overflow-wrap: anywhere; }
.count { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.overview { width: 100%; }
.overview th { min-width: 9rem; }
details { border: 1px solid var(--line); border-radius: .3rem; margin: .5rem 0; padding: 0 .9rem; }
details[open] { padding-bottom: .8rem; }
summary { padding: .5rem 0; cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.number { color: var(--faint); font-variant-numeric: tabular-nums; }
.names { list-style: none; margin: .2rem 0 .4rem; padding: 0; }
.names li { display: inline-block; margin: 0 .8rem 0 0; overflow-wrap: anywhere; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--faint); font-size: .9rem; }
footer h2 { font-size: 1rem; margin-top: 1rem; }
@media print {
  :root { --ground: #fff; --soft: #fff; --text: #000; --faint: #444; --line: #bbb;
    --same: #14642b; --explained: #084a8c; --open: #8f1b12; --unknown: #5f4500; --link: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .verdict, .figures li { border: 1px solid var(--line); }
  h2, summary, thead { break-after: avoid; }
  tr, .figures li { break-inside: avoid; }
  a { text-decoration: none; }
}
`;
