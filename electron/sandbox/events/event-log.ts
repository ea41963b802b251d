import { randomFor } from '../company/random.ts';
import type { Company } from '../company/types.ts';
import { deckOf, type Deck } from './deck.ts';
import { deedText, type Deed, type EventIds } from './deed.ts';
import { changeEvent, lastUseEvent, type TrailEvent } from './fixed-event.ts';
import { gridOf, type Grid } from './grid.ts';
import { callerCache, type CallerCache } from './key-use.ts';
import { logSettings } from './options.ts';
import { bustle, scopesOf, type Scope } from './scope.ts';
import { sideEvents } from './side-events.ts';
import { mix, upper16, uuidOf } from './text.ts';

/**
 * Everything that happened in the company, by account, region and hour. Nothing is stored: an hour is computed when it is
 * asked for, from the seed alone, so that any hour of ten million events costs the same and none needs another.
 */
export interface EventLog {
  grid: Grid;
  scopes: Scope[];
  scopeOf(accountId: string, region: string): Scope | undefined;
  /** Number of events in an hour, without computing them. */
  count(scope: Scope, hour: number): number;
  /** The events of an hour, oldest first. `wanted` is asked before an event's text is made. */
  lines(
    scope: Scope,
    hour: number,
    wanted?: (at: number, eventSource: string) => boolean,
  ): { at: number; text: string }[];
  /** The same events, oldest first, for looking at one by one; `match` is asked before ids and text are made. */
  events(scope: Scope, hour: number, match?: EventMatch): TrailEvent[];
  /** Recorded changes and last uses of the whole period, oldest first. */
  fixed(scope: Scope): readonly TrailEvent[];
  /** Whether routine traffic has events of this name: if not, `fixed` has all of them. */
  isRoutine(scope: Scope, eventName: string): boolean;
}

export interface EventMatch {
  eventName?: string;
  eventSource?: string;
  readOnly?: boolean;
}

const logs = new WeakMap<Company, EventLog>();

/** The company's events, in the volume that `setLogOptions` fixed. */
export function eventLog(company: Company): EventLog {
  let log = logs.get(company);
  if (!log) logs.set(company, (log = buildLog(company)));
  return log;
}

function buildLog(company: Company): EventLog {
  const grid = gridOf(company);
  const scopes = scopesOf(company);
  const callers = callerCache();
  const fixed = scopes.map((scope) => fixedEvents(company, scope, callers));
  const fixedCount = fixed.reduce((sum, events) => sum + events.length, 0);
  const routine = spread(grid, scopes, Math.max(0, logSettings(company).events - fixedCount));
  const decks: (Deck | undefined)[] = [];
  const deck = (scope: Scope): Deck => (decks[scope.index] ??= deckOf(company, scope, callers));
  const routineCount = (scope: Scope, hour: number): number => {
    const i = scope.index * grid.hours + hour;
    return routine[i + 1]! - routine[i]!;
  };
  const fixedIn = (scope: Scope, hour: number): TrailEvent[] => {
    const all = fixed[scope.index]!;
    return all.slice(firstAt(all, grid.start(hour)), firstAt(all, grid.end(hour)));
  };

  /** Visits the hour in order of time: `fixedEvent` for recorded ones, `deed` with its number in the hour for others. */
  const walk = (
    scope: Scope,
    hour: number,
    deed: (deed: Deed, at: number, i: number) => void,
    fixedEvent: (event: TrailEvent) => void,
  ): void => {
    const count = routineCount(scope, hour);
    const recorded = fixedIn(scope, hour);
    const start = grid.start(hour);
    const step = (grid.end(hour) - start) / count;
    const cards = deck(scope);
    const salt = randomFor(company.seed, 'hour', scope.accountId, scope.region, hour).int(0x1_0000_0000);
    let next = 0;
    for (let i = 0; i < count; i++) {
      const word = mix(salt + Math.imul(i, 0x9e3779b1));
      const moment = start + Math.floor((i + (word & 0xffff) / 0x1_0000) * step);
      const at = moment - (moment % 1000);
      while (next < recorded.length && recorded[next]!.at <= at) fixedEvent(recorded[next++]!);
      deed(cards.draw(mix(word) / 0x1_0000_0000, at), at, i);
    }
    while (next < recorded.length) fixedEvent(recorded[next++]!);
  };

  return {
    grid,
    scopes,
    scopeOf: (accountId, region) =>
      scopes.find((scope) => scope.accountId === accountId && scope.region === region),
    count: (scope, hour) => routineCount(scope, hour) + fixedIn(scope, hour).length,
    lines(scope, hour, wanted) {
      const out: { at: number; text: string }[] = [];
      const ids = idsOf(company, scope, hour);
      walk(
        scope,
        hour,
        (deed, at, i) => {
          if (!wanted || wanted(at, deed.eventSource))
            out.push({ at, text: deedText(deed, at, ids(i, deed)) });
        },
        (event) => {
          if (!wanted || wanted(event.at, event.eventSource)) out.push({ at: event.at, text: event.text() });
        },
      );
      return out;
    },
    events(scope, hour, match = {}) {
      const out: TrailEvent[] = [];
      const ids = idsOf(company, scope, hour);
      walk(
        scope,
        hour,
        (deed, at, i) => {
          if (matches(deed, match)) out.push(routineEvent(deed, at, ids(i, deed)));
        },
        (event) => {
          if (matches(event, match)) out.push(event);
        },
      );
      return out;
    },
    fixed: (scope) => fixed[scope.index]!,
    isRoutine: (scope, eventName) => deck(scope).names.has(eventName),
  };
}

const matches = (event: Required<EventMatch>, match: EventMatch): boolean =>
  (match.eventName === undefined || match.eventName === event.eventName) &&
  (match.eventSource === undefined || match.eventSource === event.eventSource) &&
  (match.readOnly === undefined || match.readOnly === event.readOnly);

function routineEvent(deed: Deed, at: number, ids: EventIds): TrailEvent {
  const accessKeyId = deed.caller.accessKeyId(at);
  return {
    at,
    eventId: ids.eventId,
    eventName: deed.eventName,
    eventSource: deed.eventSource,
    readOnly: deed.readOnly,
    ...(deed.caller.username === undefined ? {} : { username: deed.caller.username }),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    resources: deed.resources,
    text: () => deedText(deed, at, ids),
  };
}

/** Ids of the hour's events by their number: four words seeded for the hour, permuted with the number. */
function idsOf(company: Company, scope: Scope, hour: number): (i: number, deed: Deed) => EventIds {
  const random = randomFor(company.seed, 'ids', scope.accountId, scope.region, hour);
  const [a, b, c, d] = [0, 0, 0, 0].map(() => random.int(0x1_0000_0000)) as [number, number, number, number];
  return (i, deed) => {
    const n = Math.imul(i + 1, 0x9e3779b1);
    const w = mix(a + n);
    const x = mix(b ^ n);
    const y = mix(c - n);
    const z = mix(d + Math.imul(n, 5));
    return {
      eventId: uuidOf(w, x, y, z),
      requestId:
        deed.requestIdKind === 's3'
          ? upper16(mix(w), mix(y), mix(z))
          : uuidOf(mix(x), mix(w), mix(z), mix(y)),
      sharedId: deed.sharedTail === undefined ? '' : uuidOf(mix(~w), mix(~x), mix(~y), mix(~z)),
    };
  };
}

/** Running totals of routine events over all hours of all scopes; the last one is exactly `total`. */
function spread(grid: Grid, scopes: Scope[], total: number): Float64Array {
  const bounds = new Float64Array(scopes.length * grid.hours + 1);
  let sum = 0;
  for (const scope of scopes) {
    for (let hour = 0; hour < grid.hours; hour++) {
      const start = grid.start(hour);
      sum += (scope.weight * bustle(start) * (grid.end(hour) - start)) / 3_600_000;
      bounds[scope.index * grid.hours + hour + 1] = sum;
    }
  }
  return bounds.map((bound) => Math.round((bound / sum) * total));
}

function fixedEvents(company: Company, scope: Scope, callers: CallerCache): TrailEvent[] {
  const { accountId, region } = scope;
  const { from, to } = company.period;
  const events = [
    ...company.history
      .filter((change) => change.accountId === accountId && change.region === region)
      .map((change) => changeEvent(change, accountId, callers)),
    ...company.keys
      .filter((key) => key.accountId === accountId && key.region === region)
      .flatMap((key) => lastUseEvent(key, callers) ?? []),
    ...sideEvents(company, accountId, region, callers),
  ];
  return events
    .filter((event) => event.at >= from && event.at < to)
    .sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1));
}

/** Index of the first event at or after this moment. */
function firstAt(events: readonly TrailEvent[], moment: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.at >= moment) high = middle;
    else low = middle + 1;
  }
  return low;
}
