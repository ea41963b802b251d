import type { ReadableDb } from '../../../db/handle.ts';
import { csvFile, type Cell } from '../../pack/files/csv.ts';
import { keyValues, table } from '../../pack/pdf/table.ts';
import { count, mono } from '../../pack/pdf/report/words.ts';
import type { Text } from '../../pack/pdf/inline.ts';
import { start } from '../review-pdf.ts';
import type { Reperformance, Reperformed } from './reperform.ts';

/** What the report of a re-performance is about. */
export interface ReperformanceFacts {
  packId: string;
  packSha256: string;
  packVerdict: string;
  operator: string;
  sample: { n: number; seed: string } | null;
  ledgerHead: string;
}

const HEADER = [
  'ledger_entry_of_pack',
  'source',
  'operation',
  'scope',
  'about',
  'result',
  'what',
  'explained_by',
  'ledger_entry_again',
];

/** Every exchange with its result, as a file. */
export function reperformanceCsv({ results }: Reperformance): Buffer {
  return Buffer.concat([
    ...csvFile(
      HEADER,
      results.map((r): Cell[] => [
        r.seq,
        r.source,
        r.op,
        r.scope,
        r.about,
        r.result,
        r.what,
        causes(r),
        r.again,
      ]),
    ),
  ]);
}

const causes = ({ explainedBy }: Reperformed): string =>
  explainedBy.map(({ at, event, actor }) => `${at} ${event} by ${actor ?? 'somebody not named'}`).join('; ');

/** Rows of each kind that the report prints; the file beside it has all. */
const MOST_ROWS = 400;

/** A short report of a re-performance, without a signature. */
export function reperformancePdf(
  db: ReadableDb,
  found: Reperformance,
  facts: ReperformanceFacts,
  now: Date,
): Uint8Array {
  const flow = start(
    db,
    `Re-performance of pack ${facts.packId}`,
    facts.operator,
    `${facts.packSha256} ${facts.ledgerHead}`,
    now,
  );
  const of = (result: Reperformed['result']) => found.results.filter((r) => r.result === result);
  flow.heading(1, `Re-performance of pack ${facts.packId}`, { anchor: 'reperformance' });
  keyValues(flow, [
    ['Performed by', facts.operator],
    ['Date', `${now.toISOString().slice(0, 10)} (UTC)`],
    ['Pack', [`SHA-256 `, mono(facts.packSha256), ` (${facts.packVerdict})`]],
    ['Population', [`${count(found.population.items)} exchanges, SHA-256 `, mono(found.population.sha256)]],
    [
      'Asked again',
      facts.sample
        ? `a sample of ${count(found.results.length)}, seed "${facts.sample.seed}"`
        : 'all of them',
    ],
    ...(found.method ? [['Method', found.method] as [string, Text]] : []),
    ['Ledger of the re-performance', ['head ', mono(facts.ledgerHead)]],
  ]);
  table(flow, {
    caption: 'Results',
    columns: [
      { title: 'Result', names: true },
      { title: 'Exchanges', align: 'right', width: 80 },
    ],
    rows: [
      ['same', count(of('same').length)],
      ['changed since', count(of('changed').length)],
      ['no longer answerable', count(of('not answerable').length)],
    ],
  });
  for (const { source, message } of found.stopped)
    flow.callout('warning', `Source ${source} was not asked`, message);
  for (const [title, anchor, rows] of [
    ['Changed since', 'changed', of('changed')],
    ['No longer answerable', 'unanswerable', of('not answerable')],
  ] as const) {
    if (rows.length === 0) continue;
    flow.heading(2, title, { anchor });
    table(flow, {
      columns: [
        { title: 'Entry', width: 44, align: 'right' },
        { title: 'Operation', names: true, max: 110 },
        { title: 'About', max: 140 },
        { title: 'What' },
        { title: 'Logged change that may explain it', max: 120 },
      ],
      rows: rows
        .slice(0, MOST_ROWS)
        .map((r): Text[] => [String(r.seq), r.op, r.about, r.what, causes(r) || 'none found']),
    });
    if (rows.length > MOST_ROWS)
      flow.paragraph(`${count(rows.length - MOST_ROWS)} more are in reperformance.csv.`);
  }
  return flow.doc.finish();
}
