import type { Exhibit } from '../files/pack-file.ts';

/** What README.txt says of one pack. */
export interface GuideFacts {
  name: string;
  client: string;
  criteria: readonly string[];
  /** Inclusive dates, YYYY-MM-DD, UTC. */
  from: string;
  to: string;
  sample: boolean;
  exhibits: readonly Exhibit[];
}

/** README.txt: what this is and where the four things an auditor expects are. One page. */
export function readmeTxt(facts: GuideFacts): string {
  return [
    ...(facts.sample ? ['SAMPLE — NOT EVIDENCE', ''] : []),
    `Evidence pack: encryption key management, SOC 2 ${facts.criteria.join(', ')}`,
    `${facts.client}, ${facts.from} to ${facts.to} (UTC, both days included)`,
    '',
    'Read first: data/report.pdf. Or open index.html in a browser, after unpacking; it needs no network.',
    '',
    'What auditors expect, and where it is',
    '-------------------------------------',
    ...facts.exhibits.flatMap(exhibitLines),
    '',
    'The other folders',
    '-----------------',
    'data/0-scope          what was audited, from where, measured against which policy',
    'data/6-tests          every test of a control with its two answers, reason and evidence',
    'data/ledger           every call made, in order, hash-chained; the responses as received',
    'data/pack.json        the index: counts, gaps, which exhibit rests on which ledger entries',
    '',
    'How to verify',
    '-------------',
    'VERIFY.txt has the exact commands (openssl, sha256sum) for Linux, macOS and Windows. They need nothing of ours.',
    'With Keywitness: keywitness verify ' + facts.name + '.zip',
    '',
    'Basis of values: observed (a response), logged (an event), client-provided (an imported file), declared (typed in',
    'by an operator), computed (from those). A missing permission is never counted as an exception: it is a gap, and tests',
    'that needed it are undetermined.',
    '',
  ].join('\n');
}

function exhibitLines(exhibit: Exhibit): string[] {
  const where =
    exhibit.files.length > 0 ? exhibit.files.slice(0, 4) : [`not provided: ${exhibit.notProvided}`];
  const more = exhibit.files.length > 4 ? [`    and ${exhibit.files.length - 4} more files beside them`] : [];
  return [`* ${exhibit.title}`, ...where.map((line) => `    ${line}`), ...more];
}
