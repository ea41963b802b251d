import type { ReadableDb } from '../../../db/handle.ts';
import type { Exhibit, PackFile } from '../files/pack-file.ts';
import { membersJson } from '../../engagement/view.ts';
import { reviewExhibit } from './review.ts';

/** The ledger entries that each expected exhibit rests on, whatever the provider. */
const EVIDENCE = {
  'a-key-configuration': `SELECT seq FROM key WHERE snapshot = @snapshot AND belongs = 'inventory'
    UNION SELECT rotation_seq FROM key WHERE snapshot = @snapshot AND belongs = 'inventory'
    UNION SELECT seq FROM key_rotation WHERE snapshot = @snapshot`,
  'b-access-policies': `SELECT seq FROM key_policy WHERE snapshot = @snapshot
    UNION SELECT seq FROM key_grant WHERE snapshot = @snapshot
    UNION SELECT seq FROM principal WHERE snapshot = @snapshot
    UNION SELECT value FROM access_evidence, json_each(cites) WHERE snapshot = @snapshot`,
  'c-usage-logs': 'SELECT seq FROM usage_source WHERE snapshot IN (SELECT value FROM json_each(@members))',
} as const;

/** The four things auditors expect: where each is, what it rests on, or why it is not provided. Never a placeholder. */
export function expectedExhibits(db: ReadableDb, snapshot: string, files: readonly PackFile[]): Exhibit[] {
  const inFolder = (folder: string) =>
    files.map((f) => f.path).filter((path) => path.startsWith(`data/${folder}/`));
  const exhibit = (
    id: string,
    title: string,
    paths: string[],
    cites: number[],
    notProvided: string,
  ): Exhibit => ({
    id,
    title,
    files: paths,
    cites,
    notProvided: paths.length > 0 ? null : notProvided,
  });
  const cites = (id: keyof typeof EVIDENCE) => citesOf(db, snapshot, EVIDENCE[id]);
  const logs = inFolder('3-usage-logs');
  const usageCites = cites('c-usage-logs');
  const review = reviewExhibit(db);
  return [
    exhibit(
      'a-key-configuration',
      '(a) Dated picture of each key’s configuration, with key id and rotation status',
      inFolder('1-key-configuration'),
      cites('a-key-configuration'),
      'no key was described',
    ),
    exhibit(
      'b-access-policies',
      '(b) Access policies and role permissions attached to keys, with timestamp',
      inFolder('2-access'),
      cites('b-access-policies'),
      'no policy was collected',
    ),
    exhibit(
      'c-usage-logs',
      '(c) Key usage log extract over the period',
      usageCites.length > 0 ? logs : [],
      usageCites,
      'no log of key use was collected or imported',
    ),
    exhibit(
      'd-review',
      '(d) Annual key access review, signed and dated by the reviewer',
      review.provided ? inFolder('4-review') : [],
      review.cites,
      review.why,
    ),
  ];
}

/** Entries of an exhibit are named one by one up to this many; beyond, the first and last. */
const MOST_CITES = 20_000;

function citesOf(db: ReadableDb, snapshot: string, sql: string): number[] {
  const all = db
    .prepare<[{ snapshot: string; members?: string }], number>(
      `SELECT seq FROM (${sql}) WHERE seq IS NOT NULL ORDER BY seq`,
    )
    .pluck()
    .all(sql.includes('@members') ? { snapshot, members: membersJson(db, snapshot) } : { snapshot });
  return all.length <= MOST_CITES ? all : [all[0]!, all.at(-1)!];
}
