import type { KeyRow } from '../../db/derived/keys.ts';
import { notApplicable, undetermined, type Answer } from './control.ts';
import type { ControlContext } from './context.ts';
import { changeText } from './throughout.ts';
import { day, earlier, later } from './dates.ts';

/** Until when a key could be used. */
export interface Activity {
  /** Not applicable at collection when the key cannot be used then; null when it can. */
  now: Answer | null;
  /** The moment in the period at which it stopped being usable; undefined while it is usable. */
  until?: string;
  /** The answer for the period when the key was unusable all through it, or that cannot be said; null otherwise. */
  period: Answer | null;
}

const WORDS: Record<string, string> = {
  Disabled: 'disabled',
  PendingDeletion: 'waiting for deletion',
  PendingReplicaDeletion: 'waiting for the deletion of its replicas',
  PendingImport: 'waiting for key material',
  Unavailable: 'unavailable: its key store is not connected',
  Creating: 'being created',
};

/** What a key's state says about tests that only concern usable keys. */
export function activity(context: ControlContext, key: KeyRow): Activity {
  if (key.state === null || key.state === 'Enabled' || key.state === 'Updating')
    return { now: null, period: null };
  const words = WORDS[key.state] ?? `in state ${key.state}`;
  const cites = key.seq === null ? [] : [key.seq];
  const now = notApplicable(
    `At collection the key is ${words}: it protects nothing new and is not rotated.`,
    cites,
  );

  const { period } = context.engagement;
  const stops = context
    .changes(key.id)
    .filter((c) => c.setting === 'state' && c.value !== 'Enabled' && c.at < context.collectedAt);
  const last = stops.at(-1);
  if (last && last.at >= period.from) return { now, period: null, until: last.at };
  if (last) {
    return {
      now,
      period: notApplicable(`The key is ${words} since before the period (${changeText(last)}).`, [
        ...cites,
        last.seq,
      ]),
    };
  }
  const from = later(period.from, key.created ?? period.from);
  const to = earlier(period.to, context.collectedAt);
  const holes = from < to ? context.logs.holes(key.account, key.region, from, to) : [];
  if (holes !== null && holes.length === 0) {
    return {
      now,
      period: notApplicable(
        `The key is ${words} at collection, and no change of its state was logged from ${day(from)} to ${day(to)}: it was so all the time.`,
        cites,
      ),
    };
  }
  return {
    now,
    period: undetermined(
      `The key is ${words} at collection; since when is not known, because logs do not cover ${day(from)} to ${day(to)} for ${key.account}/${key.region}.`,
      cites,
    ),
  };
}
