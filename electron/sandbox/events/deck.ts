import type { Company, Instant, KeyUse, SandboxKey } from '../company/types.ts';
import { bystandersOf } from './bystanders.ts';
import type { Deed } from './deed.ts';
import { foreignDeeds } from './foreign-keys.ts';
import { useDeed, usesIn, useWindow, type CallerCache } from './key-use.ts';
import { noiseDeeds } from './noise.ts';
import type { Scope } from './scope.ts';

/** What can happen in one account and region, to be drawn from by chance. */
export interface Deck {
  /** The deed at this point of [0, 1); a key that is not in use at that time gives way to other traffic. */
  draw(chance: number, at: Instant): Deed;
  /** Names of all events that can be drawn. */
  names: ReadonlySet<string>;
}

/** Share of key uses in all events, of calls around other people's keys, and the rest is unrelated. */
const USES = 0.34;
const FOREIGN = 0.02;
/** Compiled uses kept at a time: 100,000 keys need not be held as text all at once. */
const KEEP = 20_000;

export function deckOf(company: Company, scope: Scope, callers: CallerCache): Deck {
  const people = bystandersOf(company, scope.accountId);
  const noise = noiseDeeds(company, scope, people, callers);
  const foreign = foreignDeeds(company, scope, people, callers);
  const uses = usesIn(company, scope.accountId, scope.region);
  const drawNoise = drawer(noise);
  const drawForeign = drawer(foreign);
  const drawUse = drawer(uses);
  const foreignFrom = uses.length > 0 ? USES : 0;
  const noiseFrom = foreignFrom + (foreign.length > 0 ? FOREIGN : 0);
  const names = new Set([...noise, ...foreign].map(({ deed }) => deed.eventName));
  for (const { use } of uses) names.add(use.operation);

  const windows = new Map<SandboxKey, { from: Instant; to: Instant }>();
  const inUse = (key: SandboxKey, at: Instant): boolean => {
    let window = windows.get(key);
    if (!window) windows.set(key, (window = useWindow(key)));
    // Whole seconds: a use in the very second of the last one could not be told from it.
    return at >= window.from && at < window.to - 1000;
  };
  const compiled = new Map<KeyUse, Map<SandboxKey, Deed>>();
  let kept = 0;
  const compile = (key: SandboxKey, use: KeyUse): Deed => {
    let byKey = compiled.get(use);
    if (!byKey) compiled.set(use, (byKey = new Map<SandboxKey, Deed>()));
    let deed = byKey.get(key);
    if (!deed) {
      if (++kept > KEEP) {
        compiled.clear();
        compiled.set(use, (byKey = new Map<SandboxKey, Deed>()));
        kept = 1;
      }
      byKey.set(key, (deed = useDeed(key, use, callers)));
    }
    return deed;
  };

  return {
    names,
    draw(chance, at) {
      if (chance < foreignFrom) {
        const { key, use } = drawUse(chance / foreignFrom);
        if (inUse(key, at)) return compile(key, use);
        return drawNoise(chance / foreignFrom).deed;
      }
      if (chance < noiseFrom) {
        const { deed, keys } = drawForeign((chance - foreignFrom) / (noiseFrom - foreignFrom));
        return keys?.every((key) => inUse(key, at)) === false ? noise[0]!.deed : deed;
      }
      return drawNoise((chance - noiseFrom) / (1 - noiseFrom)).deed;
    },
  };
}

/** Draws an entry with a chance proportional to its weight. */
function drawer<T extends { weight: number }>(entries: T[]): (chance: number) => T {
  const sums = new Float64Array(entries.length);
  let sum = 0;
  entries.forEach((entry, i) => (sums[i] = sum += entry.weight));
  return (chance) => {
    const wanted = chance * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return entries[low]!;
  };
}
