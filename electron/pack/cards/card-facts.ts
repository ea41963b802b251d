import { inventoryOf } from '../../../db/derived/inventory.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import { currentEngagement, snapshots } from '../../engagement/current.ts';
import { lastDay, firstDay } from '../pack-name.ts';
import { statement } from '../../../db/statement.ts';

/** One response a card is made from. Null where the provider or the ledger gives none. */
export interface CardResponse {
  operation: string;
  /** `ok`, or how it ended with the provider's code. */
  status: string;
  entry: number | null;
  /** ISO 8601 UTC, end of the response. */
  at: string | null;
  requestId: string | null;
  /** SHA-256 of the response's body, hex. */
  sha256: string | null;
}

/** Everything a configuration card shows. */
export interface CardFacts {
  key: string;
  nativeId: string;
  title: string;
  client: string;
  period: string;
  operator: string;
  sample: boolean;
  /** When the last response came, ISO 8601 UTC; null when there is none. */
  at: string | null;
  rows: readonly (readonly [label: string, value: string])[];
  responses: readonly CardResponse[];
}

/** A key as the card names its file. */
export interface CardKey {
  id: string;
  native_id: string;
  account: string;
  region: string;
}

interface KeyRow extends CardKey {
  provider: string;
  state: string | null;
  algorithm: string | null;
  usage: string | null;
  origin: string | null;
  created: string | null;
  rotation_enabled: number | null;
  rotation_support: string | null;
  rotation_support_why: string | null;
  rotation_period_days: number | null;
  last_rotation: string | null;
  next_rotation: string | null;
  aliases: string | null;
}

/** The keys that have a card, in the order of their ids. */
export function cardKeys(db: ReadableDb, snapshot: string): CardKey[] {
  return db
    .prepare<[string], CardKey>(
      `SELECT id, native_id, account, region FROM key WHERE snapshot = ? AND belongs = 'inventory' ORDER BY id`,
    )
    .all(snapshot);
}

/** What the cards of one snapshot have in common, and a reader of what each adds. */
export function cardReader(db: ReadableDb, snapshot: string): (key: string) => CardFacts {
  const { client, sample, period } = currentEngagement(db);
  const operator = snapshots(db).find((s) => s.id === snapshot)!.by.name;
  const keyRow = db.prepare<[string, string], KeyRow>(
    `SELECT k.id, k.native_id, k.provider, k.account, k.region, k.state, k.algorithm, k.usage, k.origin, k.created,
            k.rotation_enabled, k.rotation_support, k.rotation_support_why, k.rotation_period_days, k.last_rotation, k.next_rotation,
            (SELECT group_concat(name, ', ') FROM (SELECT name FROM key_alias a
              WHERE a.snapshot = k.snapshot AND a.key = k.id ORDER BY name)) AS aliases
       FROM key k WHERE k.snapshot = ? AND k.id = ?`,
  );
  return (id) => {
    const key = keyRow.get(snapshot, id)!;
    const responses = responsesOf(db, snapshot, id);
    const times = responses.flatMap((r) => (r.at === null ? [] : [r.at])).sort();
    return {
      ...{ key: id, nativeId: key.native_id, title: key.aliases?.split(', ')[0] ?? key.native_id },
      ...{ client, operator, sample, period: `${firstDay(period)} to ${lastDay(period)}` },
      at: times.at(-1) ?? null,
      rows: rowsOf(key, responses, inventoryOf(db, snapshot, id)?.owner ?? null),
      responses,
    };
  };
}

function responsesOf(db: ReadableDb, snapshot: string, key: string): CardResponse[] {
  const answers = statement<
    [string, string],
    { op: string; status: string; code: string | null; seq: number | null }
  >(db, 'SELECT op, status, code, seq FROM key_answer WHERE snapshot = ? AND key = ? ORDER BY op').all(
    snapshot,
    key,
  );
  return answers.map((answer) => {
    const entry = answer.seq === null ? undefined : readEntry(db, answer.seq);
    const exchange = entry?.kind === 'exchange' ? entry.facts : null;
    return {
      operation: answer.op.split('.').at(-1)!,
      status: answer.code ? `${answer.status} (${answer.code})` : answer.status,
      entry: entry?.seq ?? null,
      at: exchange?.end ?? entry?.at ?? null,
      requestId: exchange?.requestId ?? null,
      sha256: entry?.values.body ?? null,
    };
  });
}

function rowsOf(
  key: KeyRow,
  responses: readonly CardResponse[],
  owner: string | null,
): (readonly [string, string])[] {
  return [
    ['Key id', key.native_id],
    ['Alias', key.aliases ?? 'none recorded'],
    ['Scope, region', [key.account, key.region].filter(Boolean).join(', ')],
    ['State', key.state ?? 'not known'],
    ['Algorithm, use', [key.algorithm ?? 'not known', key.usage].filter(Boolean).join(', ')],
    ['Origin', key.origin ?? 'not known'],
    ['Created', key.created ?? 'not known'],
    ['Rotation status', rotationText(key, responses)],
    ['Rotation period', key.rotation_period_days === null ? 'not given' : `${key.rotation_period_days} days`],
    ['Last rotation', key.last_rotation ?? 'none recorded'],
    ['Next rotation', key.next_rotation ?? 'not given'],
    ['Owner', owner ?? 'none on record'],
  ];
}

/** An answer that was refused is not "off": the card says that it is not known, and why. */
function rotationText(key: KeyRow, responses: readonly CardResponse[]): string {
  if (key.rotation_enabled === 1) return 'automatic rotation enabled';
  if (key.rotation_enabled === 0) return 'automatic rotation not enabled';
  const failed = responses.find(
    (r) => /rotation/i.test(r.operation) && !/^(ok|not-applicable|not-asked)/.test(r.status),
  );
  if (failed) return `not known: ${failed.operation} ${failed.status}`;
  return key.rotation_support_why ?? key.rotation_support ?? 'not known';
}
