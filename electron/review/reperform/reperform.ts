import { setMaxListeners } from 'node:events';
import type { Answer } from '../../collect/asker.ts';
import { createAccounts } from '../../collect/accounts.ts';
import { createRunControl } from '../../collect/control.ts';
import { forEach } from '../../collect/for-each.ts';
import { createTracker } from '../../collect/progress.ts';
import type { RunOptions } from '../../collect/run-options.ts';
import {
  createShared,
  refuseSampleEndpoint,
  settingsOf,
  sourceRun,
  type Shared,
} from '../../collect/set-up-source.ts';
import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import { Finals } from '../../recorder/finals.ts';
import { providerOf, providerOfOperation } from '../../providers/index.ts';
import type { AskAgain, AskedSource, LoggedCause } from '../../providers/provider.ts';
import { draw, SAMPLE_METHOD } from '../sample.ts';
import { differences } from './compare-answers.ts';
import { nextToken, tokenOf, withoutToken } from './pages.ts';
import { readPackedBodies, type PackedExchange, type PackedLedger } from './read-pack.ts';

/** What became of one exchange of the pack when it was asked again. */
export interface Reperformed {
  /** Ledger entry in the pack. */
  seq: number;
  op: string;
  scope: string;
  source: string;
  /** What it was about: its parameters. */
  about: string;
  result: 'same' | 'changed' | 'not answerable';
  /** What differs, or why it cannot be answered. */
  what: string;
  explainedBy: LoggedCause[];
  /** Ledger entry of the re-performance. */
  again: number | null;
}

export interface ReperformOptions extends RunOptions {
  pack: string;
  ledger: PackedLedger;
  /** Sources to ask, as the pack declares them, with the auditor's own credentials. */
  sources: readonly AskedSource[];
  snapshot: string;
  /** A sample of this many exchanges; all without it. */
  sample: { n: number; seed: string } | null;
  signal?: AbortSignal;
  onProgress?: (done: number, of: number) => void;
}

/** What was asked again, of how many. */
export interface Reperformance {
  population: { items: number; sha256: string };
  method: string | null;
  results: Reperformed[];
  /** Sources that could not be asked at all, with the reason. */
  stopped: { source: string; message: string }[];
}

const AT_ONCE = 16;
/** Questions for logged causes, which providers answer slowly (AWS: two a second). */
const MOST_CAUSES = 60;

/**
 * Asks again what a pack recorded, with credentials of one's own, and compares. The exchanges that ended their calls are
 * the population; earlier tries and sign-in are not asked again.
 */
export async function reperform(options: ReperformOptions): Promise<Reperformance> {
  const population = finalExchanges(options.ledger);
  const drawn = draw(
    population.keys(),
    options.sample?.seed ?? '',
    options.sample?.n ?? Math.max(population.size, 1),
  );
  const chosen = drawn.items.map((id) => population.get(id)!);
  const stopped: Reperformance['stopped'] = [];
  const results: Reperformed[] = [];
  const control = createRunControl(options.signal);
  const settings = settingsOf(options, { quotas: options.quotas ?? 'provider', usageEventBudget: 0 });
  const shared = createShared(options, settings, {
    ...{ snapshot: options.snapshot, startedAt: new Date(), finals: new Finals(), control },
    accounts: createAccounts([]),
  });
  try {
    for (const [source, exchanges] of Map.groupBy(chosen, (exchange) => exchange.facts.source)) {
      const asked = options.sources.find((s) => s.id === source);
      if (!asked) {
        results.push(
          ...exchanges.map((e) => unanswerable(e, `source ${source} is not one that can be asked`)),
        );
        continue;
      }
      try {
        results.push(
          ...(await askSource(shared, options, asked, exchanges, population, results.length, chosen.length)),
        );
      } catch (error) {
        if (control.signal.aborted) throw error;
        const message = error instanceof Error ? error.message : String(error);
        stopped.push({ source, message });
        results.push(...exchanges.map((e) => unanswerable(e, message)));
      }
    }
  } finally {
    shared.agents.destroy();
  }
  await compareBodies(options, results, population);
  return {
    population: drawn.population,
    method: options.sample ? SAMPLE_METHOD : null,
    results: results.sort((a, b) => a.seq - b.seq),
    stopped,
  };
}

/** The exchanges of the pack's snapshot that ended their calls, by what was asked. */
function finalExchanges({ exchanges, snapshot }: PackedLedger): Map<string, PackedExchange> {
  const final = new Map<string, PackedExchange>();
  for (const exchange of exchanges) {
    const { facts } = exchange;
    if (facts.snapshot !== snapshot) continue;
    const provider = providerOfOperation(facts.op);
    // Who asks is another this time; a token's answer is never kept.
    if (provider?.isSignIn(facts.op) || facts.bodyClass === 'none') continue;
    final.set(idOf(exchange), exchange);
  }
  return final;
}

const idOf = ({ facts, params }: Pick<PackedExchange, 'facts' | 'params'>): string =>
  [
    facts.source,
    facts.op,
    facts.scope,
    facts.label,
    params === null ? 'withheld' : canonicalJson(params),
  ].join('|');

/** Pages of one list share this. */
const chainOf = ({ facts, params }: PackedExchange): string =>
  [facts.op, facts.scope, facts.label, params === null ? '' : canonicalJson(withoutToken(params))].join('|');

async function askSource(
  shared: Shared,
  options: ReperformOptions,
  source: AskedSource,
  exchanges: readonly PackedExchange[],
  population: ReadonlyMap<string, PackedExchange>,
  before: number,
  of: number,
): Promise<Reperformed[]> {
  refuseSampleEndpoint(options.engagement, source);
  const own = new AbortController();
  const signal = AbortSignal.any([shared.control.signal, own.signal]);
  setMaxListeners(0, signal);
  const run = sourceRun(
    shared,
    source,
    own,
    signal,
    createTracker(source.id, () => {}),
  );
  const again = await providerOf(source).askAgain(run, options.credentialsFor?.(source) ?? null);
  const pages = new Map<string, PackedExchange[]>();
  for (const exchange of population.values()) {
    if (exchange.facts.source === source.id)
      pages.set(chainOf(exchange), [...(pages.get(chainOf(exchange)) ?? []), exchange]);
  }
  const asker = chainAsker(again, pages);
  // One moment for all, so that what is logged about a key is asked once.
  const since = [...population.values()].reduce(
    (first, { facts }) => (facts.start < first ? facts.start : first),
    '9',
  );
  const results: Reperformed[] = [];
  let causes = MOST_CAUSES;
  try {
    await forEach(exchanges, AT_ONCE, async (exchange) => {
      const found = judge(options, exchange, await asker(exchange));
      if (found.result !== 'same' && found.again !== null && causes > 0 && exchange.params) {
        causes -= 1;
        found.explainedBy = await again.explain({ ...exchange.facts, params: exchange.params }, since);
      }
      results.push(found);
      options.onProgress?.(before + results.length, of);
    });
  } finally {
    again.close();
  }
  return results;
}

type Asked = { answer: Answer<unknown> } | { why: string };

/** Asks a page by walking to it: the tokens in the pack have ended, the list names new ones. */
function chainAsker(again: AskAgain, pages: ReadonlyMap<string, readonly PackedExchange[]>) {
  const asked = new Map<number, Promise<Asked>>();
  const ask = (exchange: PackedExchange): Promise<Asked> => {
    let running = asked.get(exchange.seq);
    if (!running) asked.set(exchange.seq, (running = askPage(exchange)));
    return running;
  };
  const askPage = async (exchange: PackedExchange): Promise<Asked> => {
    if (exchange.params === null) return { why: 'the pack withholds what was asked' };
    let { params } = exchange;
    const token = tokenOf(params);
    if (token !== null) {
      const chain = pages.get(chainOf(exchange)) ?? [];
      const previous = chain[chain.indexOf(exchange) - 1];
      if (!previous) return { why: 'the page before it is not in the pack' };
      const before = await ask(previous);
      if (!('answer' in before) || !before.answer.ok)
        return { why: 'the page before it is not answered any more' };
      const next = nextToken(token, before.answer.output);
      if (next === null) return { why: 'the list is shorter now: there is no such page' };
      params = { ...params, [token]: next };
    }
    const { op, scope, label } = exchange.facts;
    const answer = again.ask({ op, scope, label, params });
    return answer === null ? { why: 'this program does not know the operation' } : { answer: await answer };
  };
  return ask;
}

function judge({ writer }: ReperformOptions, exchange: PackedExchange, asked: Asked): Reperformed {
  if (!('answer' in asked)) return unanswerable(exchange, asked.why);
  const { answer } = asked;
  const entry = readEntry(writer.db, answer.seq);
  const result = { ...unanswerable(exchange, ''), again: answer.seq };
  if (entry?.kind !== 'exchange') return result;
  const [then, now] = [exchange.facts, entry.facts];
  const [was, is] = [then.errorCode ?? then.outcome, now.errorCode ?? now.outcome];
  if (was !== is) {
    // Refused now, answered then: nothing is known of what it says today.
    return now.outcome === 'ok'
      ? { ...result, result: 'changed', what: `answered now, then ${was}` }
      : { ...result, what: `${is} now, ${was === 'ok' ? 'answered' : was} then` };
  }
  if (then.outcome !== 'ok') return { ...result, result: 'same', what: `${was}, as before` };
  if (then.lines && now.lines) {
    const same = then.lines.contentSha256 === now.lines.contentSha256;
    return {
      ...result,
      result: same ? 'same' : 'changed',
      what: same ? 'the same log file' : 'the log file has other bytes',
    };
  }
  const body = entry.values.body ?? null;
  if (body !== null && body === exchange.body) return { ...result, result: 'same', what: 'the same bytes' };
  return { ...result, result: 'changed', what: TO_COMPARE };
}

/** Marks an answer whose bytes differ, until it is known whether what they say differs. */
const TO_COMPARE = '';

async function compareBodies(
  { pack, writer }: ReperformOptions,
  results: Reperformed[],
  population: ReadonlyMap<string, PackedExchange>,
): Promise<void> {
  const bySeq = new Map([...population.values()].map((exchange) => [exchange.seq, exchange]));
  const open = results.filter(({ result, what }) => result === 'changed' && what === TO_COMPARE);
  const bodies = await readPackedBodies(pack, new Set(open.flatMap(({ seq }) => bySeq.get(seq)?.body ?? [])));
  for (const found of open) {
    const before = bodies.get(bySeq.get(found.seq)?.body ?? '');
    const now = readEntry(writer.db, found.again!)?.values.body;
    const after = now === undefined ? null : readBody(writer.db, now);
    const where = before && after ? differences(before, after) : null;
    if (where?.length === 0)
      Object.assign(found, { result: 'same', what: 'the same content', explainedBy: [] });
    else
      found.what =
        where === null ? 'other bytes, which cannot be compared member by member' : where.join(', ');
  }
}

function unanswerable({ seq, facts, params }: PackedExchange, what: string): Reperformed {
  return {
    ...{ seq, op: facts.op, scope: facts.scope, source: facts.source },
    about: params === null ? '' : canonicalJson(params),
    ...{ result: 'not answerable', what, explainedBy: [], again: null },
  };
}
