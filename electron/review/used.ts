import type { ReadableDb } from '../../db/handle.ts';
import { dimensionId } from '../../db/derived/events.ts';
import { kmsAction } from '../access/aws/kms-actions.ts';
import type { RightClass } from '../access/types.ts';
import type { Period } from '../engagement/engagement.ts';

const DAY_MS = 86_400_000;

/** How often a principal exercised a class of right on a key in a period, and when last (ISO 8601 UTC). */
export interface Exercised {
  events: number;
  last: string;
}

/** Uses of one key by principal and class of right; refused calls exercise nothing and are left out. */
export type KeyUses = ReadonlyMap<string, Partial<Record<RightClass, Exercised>>>;

/** Gives what logs say of the use of a key in a period. */
export function usesOf(db: ReadableDb, period: Period): (key: string) => KeyUses {
  const [from, to] = [Date.parse(period.from) / DAY_MS, Math.ceil(Date.parse(period.to) / DAY_MS)];
  const sums = db.prepare<
    [number, number, number],
    { principal: string; service: string; name: string; events: number; last: number }
  >(
    `SELECT w.principal, o.service, o.name, sum(t.events) AS events, max(t.last) AS last
       FROM usage_day t JOIN usage_operation o ON o.id = t.operation JOIN usage_principal w ON w.id = t.principal
      WHERE t.key = ? AND t.day >= ? AND t.day < ? AND t.error = 0
      GROUP BY t.principal, t.operation ORDER BY w.principal, o.service, o.name`,
  );
  return (key) => {
    const uses = new Map<string, Partial<Record<RightClass, Exercised>>>();
    for (const { principal, service, name, events, last } of sums.all(
      dimensionId('usage_key', key),
      from,
      to,
    )) {
      const right = rightExercised(service, name);
      if (right === null) continue;
      const held = uses.get(principal) ?? {};
      uses.set(principal, held);
      const at = new Date(last).toISOString();
      const before = held[right];
      held[right] = {
        events: (before?.events ?? 0) + events,
        last: before && before.last > at ? before.last : at,
      };
    }
    return uses;
  };
}

/** The class of right that an operation exercises; null for one that only reads, or is not about a key. */
export function rightExercised(service: string, name: string): RightClass | null {
  if (service === 'kms.amazonaws.com') {
    // ReEncrypt is logged as one event under two permissions.
    const action = kmsAction(name) ?? (name === 'ReEncrypt' ? kmsAction('ReEncryptFrom') : undefined);
    const right = action?.class;
    return right === 'administer' || right === 'use' || right === 'grant' ? right : null;
  }
  return otherProvider(name);
}

/** Azure names an operation `KeySign`, Vault `sign` or, as a path, `update transit/sign/…`: the verb is the same word. */
function otherProvider(name: string): RightClass | null {
  const low = name.toLowerCase();
  if (/^(read|list)\b/.test(low)) return null;
  if (
    /^(key)?(create|update|delete|import|rotate|purge|recover|restore|backup|export|byok-export)$/.test(low)
  )
    return 'administer';
  if (/(^|\/)keys\//.test(low)) return 'administer';
  if (/(^|^key|\/)(encrypt|decrypt|sign|verify|wrap|unwrap|datakey|hmac|rewrap|release|cmac)/.test(low))
    return 'use';
  return null;
}
