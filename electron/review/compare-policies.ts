import { canonicalJson } from '../../db/ledger/canonical-json.ts';

/** A statement of a policy that is there on one side only, or that differs. */
export interface StatementChange {
  change: 'added' | 'removed' | 'changed';
  /** Its Sid, or its place ("statement 2") where it has none. */
  statement: string;
  /** The statement as JSON; null on the side where it is not. */
  before: string | null;
  after: string | null;
}

interface Statement {
  sid: string | null;
  place: number;
  text: string;
}

/**
 * Compares two policies statement by statement: order, and order within lists, do not count. Statements with the same Sid
 * that differ are one change; others are added or removed.
 */
export function compareStatements(before: string, after: string): StatementChange[] {
  const [old, now] = [statements(before), statements(after)];
  if (!old || !now) {
    return before === after
      ? []
      : [{ change: 'changed', statement: 'the whole policy (it is not a policy in JSON)', before, after }];
  }
  const [gone, come] = [without(old, now), without(now, old)];
  const changes: StatementChange[] = [];
  for (const a of gone) {
    const at = a.sid === null ? -1 : come.findIndex((b) => b.sid === a.sid);
    const [b] = at === -1 ? [] : come.splice(at, 1);
    changes.push({
      change: b ? 'changed' : 'removed',
      statement: nameOf(a),
      before: a.text,
      after: b?.text ?? null,
    });
  }
  return [
    ...changes,
    ...come.map((b): StatementChange => ({
      change: 'added',
      statement: nameOf(b),
      before: null,
      after: b.text,
    })),
  ];
}

const nameOf = ({ sid, place }: Statement): string => sid ?? `statement ${place}`;

/** Statements that the other policy does not have; each of the other's stands for one of these. */
function without(these: readonly Statement[], others: readonly Statement[]): Statement[] {
  const left = others.map((other) => other.text);
  return these.filter(({ text }) => {
    const at = left.indexOf(text);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function statements(policy: string): Statement[] | null {
  try {
    const { Statement: found } = JSON.parse(policy) as { Statement?: unknown };
    if (found === undefined) return null;
    const list = Array.isArray(found) ? (found as unknown[]) : [found];
    return list.map((statement, i) => {
      const { Sid: sid } = statement as { Sid?: unknown };
      return {
        sid: typeof sid === 'string' && sid !== '' ? sid : null,
        place: i + 1,
        text: canonicalJson(ordered(statement)),
      };
    });
  } catch {
    return null;
  }
}

/** The same with every list in order: ["a","b"], ["b","a"], and "a" for ["a"] say the same in a policy. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(ordered).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    return items.length === 1 ? items[0] : items;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, ordered(member)]));
}
