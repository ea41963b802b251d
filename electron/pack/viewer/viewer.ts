import { readFileSync } from 'node:fs';
import { hash } from 'node:crypto';
import type { Cell } from '../files/csv.ts';
import type { Exhibit } from '../files/pack-file.ts';

/** One table of the viewer: the first rows, and where all are. */
export interface ViewerTable {
  id: string;
  title: string;
  about: string;
  header: readonly string[];
  rows: readonly (readonly Cell[])[];
  total: number;
  file: string;
}

/** Everything index.html shows. */
export interface ViewerFacts {
  title: string;
  client: string;
  period: string;
  sample: boolean;
  numbers: readonly (readonly [label: string, value: string | number])[];
  exhibits: readonly Exhibit[];
  tables: readonly ViewerTable[];
}

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/**
 * index.html of a pack: one file that opens in any browser from the unpacked folder. Its content security policy allows
 * this very script and style and nothing else, no network at all.
 */
export function viewerPage(facts: ViewerFacts): string {
  const script = read('./viewer-script.js');
  const style = read('./viewer.css');
  const policy = [
    "default-src 'none'",
    `script-src '${cspHash(script)}'`,
    `style-src '${cspHash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(facts.title)}</title>
<style>${style}</style>
</head>
<body>
<header>
${facts.sample ? '<p class="sample">SAMPLE — NOT EVIDENCE</p>' : ''}
<h1>${escaped(facts.client)}: encryption key management</h1>
<p>${escaped(facts.period)} (UTC, both days included)</p>
<p class="notice">A viewer inside a pack proves nothing by itself. VERIFY.txt has the commands that do, with tools that are not ours.</p>
<nav id="tabs" role="tablist" aria-label="Parts of the pack"></nav>
</header>
<main id="main"></main>
<footer class="quiet">Made from the ledger of this pack. No network is used.</footer>
<script type="application/json" id="data">${dataBlock(facts)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function cspHash(text: string): string {
  return `sha256-${hash('sha256', text, 'base64')}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** JSON that cannot end the element it stands in. */
function dataBlock(facts: ViewerFacts): string {
  const { numbers, exhibits, tables } = facts;
  return JSON.stringify({ numbers, exhibits, tables }).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
