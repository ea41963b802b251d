import type { ReadableDb } from '../../../db/handle.ts';
import type { Exhibit, PackFile } from '../files/pack-file.ts';
import { reviewExhibit } from './review.ts';

/** Operations whose exchanges each expected exhibit rests on. */
const OPERATIONS = {
  'a-key-configuration': ['aws.kms.DescribeKey', 'aws.kms.GetKeyRotationStatus', 'aws.kms.ListKeyRotations'],
  'b-access-policies': [
    'aws.kms.GetKeyPolicy',
    'aws.kms.ListGrants',
    'aws.iam.GetAccountAuthorizationDetails',
  ],
  'c-usage-logs': ['aws.s3.GetObject', 'aws.cloudtrail.LookupEvents'],
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
  const cites = (id: keyof typeof OPERATIONS) => citesOf(db, snapshot, OPERATIONS[id]);
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

/** Entries of an exhibit are named one by one up to this many; beyond, the first and last of each operation. */
const MOST_CITES = 20_000;

function citesOf(db: ReadableDb, snapshot: string, ops: readonly string[]): number[] {
  const marks = ops.map(() => '?').join(', ');
  const all = db
    .prepare<string[], number>(
      `SELECT seq FROM entry WHERE (snapshot = ? AND op IN (${marks})) OR (snapshot = ? AND kind = 'import') ORDER BY seq`,
    )
    .pluck()
    .all(snapshot, ...ops, snapshot);
  return all.length <= MOST_CITES ? all : [all[0]!, all.at(-1)!];
}
