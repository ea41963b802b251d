import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { entries } from '../../../db/ledger/read.ts';
import { asObject, asText, type JsonObject } from '../cloudtrail/parse-record.ts';
import { LOOKUP } from '../cloudtrail/format.ts';
import { membersOf } from '../../engagement/view.ts';
import type { Claim } from './spans.ts';

/** Changes that must have been looked up by name before a time counts as covered for changes. */
const CORE_CHANGES = [
  ...['CancelKeyDeletion', 'CreateGrant', 'CreateKey', 'DisableKey', 'DisableKeyRotation', 'EnableKey'],
  ...['EnableKeyRotation', 'ImportKeyMaterial', 'PutKeyPolicy', 'RevokeGrant', 'ScheduleKeyDeletion'],
];

interface Slice {
  start: number;
  end: number;
  complete: boolean;
  failure: string | null;
  seqs: number[];
}

/** Slices of one place by what was looked up, then by their time. */
type Slices = Map<string, Map<string, Slice>>;

/**
 * What look-ups in the event history cover, by source and place (`<source> <account>/<region>`): all KMS events where
 * `EventSource=kms.amazonaws.com` was read to the last page, changes only where each change was looked up by name.
 */
export function lookupClaims(db: ReadableDb, snapshot: string): Map<string, Claim[]> {
  const places = new Map<string, Slices>();
  for (const { seq, facts, values } of entries(db, 'exchange', {
    op: LOOKUP,
    snapshot: membersOf(db, snapshot),
  })) {
    const params = parse(values.params);
    const attribute = attributeOf(params);
    const [start, end] = [timeOf(params.StartTime), timeOf(params.EndTime)];
    if (attribute === null || start === null || end === null) continue;
    const place = `${facts.source} ${facts.scope}`;
    const slices = nested(nested(places, place), attribute);
    // EndTime is inclusive to the second. An expired page token begins the slice again under another label.
    const key = `${start} ${end}`;
    const slice = slices.get(key) ?? { start, end: end + 1000, complete: false, failure: null, seqs: [] };
    slices.set(key, slice);
    slice.seqs.push(seq);
    if (facts.outcome !== 'ok') {
      slice.failure = facts.errorCode ?? facts.outcome;
      continue;
    }
    const body = values.body === undefined ? null : readBody(db, values.body);
    if (asText(parse(body?.toString('utf8')).NextToken) === null) slice.complete = true;
  }
  return new Map(
    [...places].map(([place, byAttribute]) => {
      const uses = byAttribute.get('EventSource=kms.amazonaws.com');
      return [place, [...(uses ? useClaims(uses) : []), ...changeClaims(byAttribute)]];
    }),
  );
}

function nested<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, (inner = new Map<string, V>()));
  return inner;
}

function* useClaims(slices: Map<string, Slice>): Generator<Claim> {
  for (const { start, end, complete, failure, seqs } of slices.values()) {
    if (complete) {
      yield {
        ...{ start, end, state: 'covered', means: 'event history, all KMS events', reason: '', detail: '' },
        ...{ cites: ends(seqs), weight: 2 },
      };
    } else if (failure !== null) {
      yield gap(start, end, `the event history could not be read (${failure})`, seqs);
    }
  }
}

function* changeClaims(byAttribute: Slices): Generator<Claim> {
  const names = [...byAttribute].filter(([attribute]) => attribute.startsWith('EventName='));
  for (const { start, end, complete, failure, seqs } of names.flatMap(([, slices]) => [...slices.values()])) {
    if (!complete && failure !== null) {
      yield gap(start, end, `the event history could not be read (${failure})`, seqs);
    }
  }
  const core = CORE_CHANGES.every((name) => byAttribute.has(`EventName=${name}`));
  if (!core) return;
  const complete = names.map(([, slices]) => merged([...slices.values()].filter((s) => s.complete)));
  for (const [start, end] of complete.reduce(intersection)) {
    const seqs = names.flatMap(([, slices]) =>
      [...slices.values()].filter((s) => s.start <= start && s.end >= end).flatMap((s) => s.seqs),
    );
    yield {
      ...{ start, end, state: 'changes only', means: 'event history, changes by name' },
      ...{ reason: 'uses of keys were not read to the end', detail: '', cites: ends(seqs), weight: 1 },
    };
  }
}

type Interval = [start: number, end: number];

/** Overlapping and touching intervals as one. */
export function merged(parts: readonly { start: number; end: number }[], apart = 0): Interval[] {
  const out: Interval[] = [];
  for (const { start, end } of [...parts].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && start <= last[1] + apart) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}

function intersection(a: Interval[], b: Interval[]): Interval[] {
  return a.flatMap(([s, e]) =>
    b.flatMap(([s2, e2]): Interval[] =>
      Math.max(s, s2) < Math.min(e, e2) ? [[Math.max(s, s2), Math.min(e, e2)]] : [],
    ),
  );
}

function gap(start: number, end: number, reason: string, seqs: number[]): Claim {
  return { start, end, state: 'gap', means: '', reason, detail: '', cites: ends(seqs), weight: 3 };
}

function ends(seqs: readonly number[]): number[] {
  return seqs.length <= 2 ? [...seqs] : [Math.min(...seqs), Math.max(...seqs)];
}

function attributeOf(params: JsonObject): string | null {
  const list = params.LookupAttributes;
  const first = asObject(Array.isArray(list) ? list[0] : undefined);
  const [key, value] = [asText(first.AttributeKey), asText(first.AttributeValue)];
  return key !== null && value !== null ? `${key}=${value}` : null;
}

function timeOf(value: unknown): number | null {
  if (typeof value === 'number') return Math.round(value * 1000);
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

function parse(text: string | undefined): JsonObject {
  try {
    return text ? asObject(JSON.parse(text)) : {};
  } catch {
    return {};
  }
}
