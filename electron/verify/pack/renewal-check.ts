import type { TimestampCheck } from '../../seal/timestamp/token.ts';
import { cannotTell, pass, type Check } from '../verification.ts';

const ID = 'renewal';
const TITLE = 'How long the time can be proved';
const YEAR_MS = 365 * 24 * 3_600_000;

/**
 * Warns a year before the certificate behind the last time ends: afterwards a validator has nothing left to believe it
 * by, unless the pack was renewed.
 */
export function checkRenewal(last: TimestampCheck | null, now: Date): Check[] {
  if (!last?.authority) return [];
  const end = last.path.reduce(
    (soonest, { notAfter }) => (notAfter < soonest ? notAfter : soonest),
    last.authority.notAfter,
  );
  const day = end.toISOString().slice(0, 10);
  const how = 'Renew it with: keywitness timestamp --renew PACK.';
  if (end <= now) return [cannotTell(ID, TITLE, `The last timestamp's certificate ended on ${day}. ${how}`)];
  if (end.getTime() - now.getTime() < YEAR_MS)
    return [
      cannotTell(ID, TITLE, `The last timestamp's certificate ends on ${day}, in less than a year. ${how}`),
    ];
  return [pass(ID, TITLE, `Until ${day}, when the last timestamp's certificate ends.`)];
}
