import type { ReadableDb } from '../../db/handle.ts';
import { grantsOf } from '../../db/derived/access.ts';
import { aliasesOf, iterateKeys, policyOf, tagsOf, type KeyRow } from '../../db/derived/keys.ts';
import { changesOf, type SettingChangeRow } from '../../db/derived/logging.ts';
import { snapshots } from '../engagement/current.ts';
import { compareStatements, type StatementChange } from './compare-policies.ts';
import { ReviewError } from './error.ts';
import { holdersOf } from './holders.ts';

/** One snapshot of one engagement. */
export interface Side {
  db: ReadableDb;
  snapshot: string;
}

export interface FieldChange {
  field: string;
  before: string | null;
  after: string | null;
}

/** A right of a principal that is there on one side only, or is surer or less sure on the other. */
export interface AccessChange {
  principal: string;
  right: string;
  change: 'gained' | 'lost' | 'changed';
  /** What gives it, on the side where it is; for a change, how sure it was and is. */
  how: string;
}

/** A logged change between the two snapshots. */
export type Explanation = Pick<
  SettingChangeRow,
  'at' | 'event' | 'actor' | 'event_id' | 'seq' | 'setting' | 'value'
>;

export interface KeyComparison {
  key: string;
  change: 'added' | 'removed' | 'changed';
  fields: FieldChange[];
  policy: StatementChange[];
  access: AccessChange[];
  /** Logged changes of the key, or of IAM of its account when access changed, that may explain it; oldest first. */
  explainedBy: Explanation[];
}

export interface Comparison {
  from: { snapshot: string; at: string };
  to: { snapshot: string; at: string };
  keys: KeyComparison[];
  unchanged: number;
  /** Questions answered on one side only, by key, and places listed on one side only: what differs there is not known. */
  notComparable: { key: string; what: string }[];
}

const FIELDS = [
  ...([
    'state',
    'description',
    'algorithm',
    'usage',
    'origin',
    'material_holder',
    'manager',
    'multi_region',
  ] as const),
  ...([
    'custom_store',
    'deletion_date',
    'valid_to',
    'material',
    'rotation_enabled',
    'rotation_period_days',
  ] as const),
  ...(['last_rotation'] as const),
];

/**
 * Compares two snapshots: keys added, removed and changed; each field before and after; policies statement by statement;
 * access gained and lost; and the logged change that explains it. What one side could not read is said, not called a change.
 *
 * @throws ReviewError NOT_KNOWN when a snapshot is not there
 */
export function compareSnapshots(before: Side, after: Side): Comparison {
  const [from, to] = [timeOf(before), timeOf(after)];
  const old = new Map(keysOf(before).map((key) => [key.id, key]));
  const now = new Map(keysOf(after).map((key) => [key.id, key]));
  const result: Comparison = { from, to, keys: [], unchanged: 0, notComparable: [] };
  const holders = {
    before: holdersOf(before.db, before.snapshot),
    after: holdersOf(after.db, after.snapshot),
  };
  const unlisted = new Map<string, number>();
  for (const id of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [a, b] = [old.get(id), now.get(id)];
    if (!a || !b) {
      const [there, other] = a ? [a, after] : [b!, before];
      if (!listedAll(other, there)) {
        const place = `${there.account}/${there.region}\n${other.snapshot}`;
        unlisted.set(place, (unlisted.get(place) ?? 0) + 1);
        continue;
      }
      const change = a ? 'removed' : 'added';
      const logged = explanations(after, (a ?? b)!, from.at, to.at, false);
      result.keys.push({ key: id, change, fields: [], policy: [], access: [], explainedBy: logged });
      continue;
    }
    const open: string[] = [];
    const fields = fieldChanges(before, after, a, b, open);
    const policy = policyChanges(before, after, id, open);
    const access = accessChanges(holders.before(id), holders.after(id));
    for (const what of open) result.notComparable.push({ key: id, what });
    if (fields.length + policy.length + access.length === 0) result.unchanged += 1;
    else
      result.keys.push({
        key: id,
        change: 'changed',
        fields,
        policy,
        access,
        explainedBy: explanations(after, b, from.at, to.at, access.length > 0),
      });
  }
  for (const [found, keys] of unlisted) {
    const [place, other] = found.split('\n') as [string, string];
    const what = `${keys} ${keys === 1 ? 'key' : 'keys'} of one side: snapshot ${other} did not list all keys there`;
    result.notComparable.push({ key: place, what });
  }
  return result;
}

function timeOf({ db, snapshot }: Side): { snapshot: string; at: string } {
  const found = snapshots(db).find((s) => s.id === snapshot);
  if (found) return { snapshot, at: found.startedAt };
  throw new ReviewError(
    'NOT_KNOWN',
    `cannot compare snapshot ${snapshot}: the engagement has ${
      snapshots(db)
        .map((s) => s.id)
        .join(', ') || 'none'
    }.`,
  );
}

/** Whether a snapshot listed every key of a key's place: only then is a key that it lacks one that was not there. */
function listedAll({ db, snapshot }: Side, { account, region }: KeyRow): boolean {
  const complete = db
    .prepare<[string, string, string], number>(
      'SELECT max(complete) FROM listing WHERE snapshot = ? AND account = ? AND region = ?',
    )
    .pluck();
  return complete.get(snapshot, account, region) === 1;
}

/** Keys that were there: one that only logs know is gone. */
function keysOf({ db, snapshot }: Side): KeyRow[] {
  return [...iterateKeys(db, snapshot)].filter(
    (key) => key.belongs === 'inventory' && key.basis !== 'logged' && key.manager !== 'provider',
  );
}

function fieldChanges(before: Side, after: Side, a: KeyRow, b: KeyRow, open: string[]): FieldChange[] {
  if (a.seq === null || b.seq === null) {
    open.push('what the key is could be read on one side only');
    return [];
  }
  const rotationKnown = a.rotation_seq !== null && b.rotation_seq !== null;
  if (!rotationKnown && (a.rotation_seq !== null || b.rotation_seq !== null))
    open.push('rotation could be read on one side only');
  const plain = FIELDS.filter((field) => rotationKnown || !field.startsWith('rotation_')).map((field) => ({
    ...{ field, before: text(a[field]), after: text(b[field]) },
  }));
  const lists = (
    [
      [
        'tags',
        'ListResourceTags',
        (side: Side) => tagsOf(side.db, side.snapshot, a.id).map((t) => `${t.name}=${t.value}`),
      ],
      ['aliases', null, (side: Side) => aliasesOf(side.db, side.snapshot, a.id).map((alias) => alias.name)],
      ['grants', 'ListGrants', (side: Side) => grantTexts(side, a.id)],
    ] as const
  ).flatMap(([field, op, read]) => {
    if (op && !answeredOnBoth(before, after, a.id, op, open, field)) return [];
    return [{ field, before: read(before).join('; '), after: read(after).join('; ') }];
  });
  return [...plain, ...lists].filter((change) => change.before !== change.after);
}

/** Grants as texts: who may do what under which grant. */
function grantTexts({ db, snapshot }: Side, key: string): string[] {
  return grantsOf(db, snapshot, key).map(
    (grant) =>
      `${grant.grant_id}: ${grant.grantee ?? grant.grantee_service ?? 'nobody named'} may ${grant.operations.join(', ')}`,
  );
}

const text = (value: string | number | null): string | null => (value === null ? null : String(value));

/** Whether both sides answered a question about a key; one that only one side answered is noted. */
function answeredOnBoth(
  before: Side,
  after: Side,
  key: string,
  op: string,
  open: string[],
  what: string,
): boolean {
  const status = ({ db, snapshot }: Side) =>
    db
      .prepare<[string, string, string], string>(
        'SELECT status FROM key_answer WHERE snapshot = ? AND key = ? AND op = ?',
      )
      .pluck()
      .get(snapshot, key, op);
  const [a, b] = [status(before), status(after)];
  if (a === 'ok' && b === 'ok') return true;
  if (a !== b)
    open.push(`${what} could be read on one side only (${a ?? 'not asked'}, then ${b ?? 'not asked'})`);
  return false;
}

function policyChanges(before: Side, after: Side, key: string, open: string[]): StatementChange[] {
  if (!answeredOnBoth(before, after, key, 'GetKeyPolicy', open, 'the key policy')) return [];
  const [a, b] = [policyOf(before.db, before.snapshot, key), policyOf(after.db, after.snapshot, key)];
  if (!a || !b || a.sha256 === b.sha256) return [];
  return compareStatements(a.text, b.text);
}

function accessChanges(
  before: ReturnType<ReturnType<typeof holdersOf>>,
  after: ReturnType<ReturnType<typeof holdersOf>>,
): AccessChange[] {
  if (before === after) return [];
  const flat = (holders: typeof before) =>
    new Map(
      holders.flatMap(({ principal, rights }) =>
        rights.map((held) => [`${principal}\n${held.right}`, { principal, ...held }] as const),
      ),
    );
  const [old, now] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((id): AccessChange[] => {
    const [a, b] = [old.get(id), now.get(id)];
    const { principal, right } = (a ?? b)!;
    if (!a) return [{ principal, right, change: 'gained', how: b!.via.join(' | ') }];
    if (!b) return [{ principal, right, change: 'lost', how: a.via.join(' | ') }];
    const was = `${a.certainty}${a.uses.length > 0 ? ` (${a.uses.join(', ')})` : ''}`;
    const is = `${b.certainty}${b.uses.length > 0 ? ` (${b.uses.join(', ')})` : ''}`;
    return was === is ? [] : [{ principal, right, change: 'changed', how: `${was} → ${is}` }];
  });
}

function explanations(
  { db, snapshot }: Side,
  key: KeyRow,
  from: string,
  to: string,
  iam: boolean,
): Explanation[] {
  const rows = [
    ...changesOf(db, snapshot, key.id),
    ...(iam ? changesOf(db, snapshot, key.account).filter((c) => c.setting === 'iam') : []),
  ];
  const seen = new Set<string>();
  return rows
    .filter(({ at }) => at >= from && at <= to)
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .flatMap(({ at, event, actor, event_id, seq, setting, value }) => {
      const id = `${event_id ?? `${at} ${event}`} ${setting}`;
      if (seen.has(id)) return [];
      seen.add(id);
      return [{ at, event, actor, event_id, seq, setting, value }];
    });
}
