import { inserter } from '../../db/derived/write.ts';
import type { WritableDb } from '../../db/handle.ts';
import type { ReadExchange } from './read-operation.ts';

interface Count {
  calls: number;
  retries: number;
  first: string;
  last: string;
  firstSeq: number;
  lastSeq: number;
}

interface Peer {
  calls: number;
  firstSeq: number;
  /** Clock offsets in ms with how often each was seen, rounded to 100 ms. */
  offsets: Map<number, number>;
}

interface Identity {
  arn: string;
  account: string | null;
  userId: string | null;
  calls: number;
  seq: number;
}

/** Counts every attempt of a snapshot: calls by outcome, hosts with their clocks and certificates, callers. */
export interface CallTally {
  add(op: string, exchange: ReadExchange): void;
  write(db: WritableDb): void;
}

export function newCallTally(snapshot: string): CallTally {
  const counts = new Map<string, Count>();
  const peers = new Map<string, Peer>();
  const identities = new Map<string, Identity>();
  return {
    add(op, exchange) {
      const key = [exchange.source, op, exchange.scope, exchange.outcome, exchange.errorCode ?? ''].join(
        '\n',
      );
      const { start, seq } = exchange;
      const count = counts.get(key);
      if (!count) {
        counts.set(key, {
          ...{ calls: 1, retries: exchange.attempt > 1 ? 1 : 0, first: start, last: start },
          ...{ firstSeq: seq, lastSeq: seq },
        });
      } else {
        count.calls += 1;
        count.retries += exchange.attempt > 1 ? 1 : 0;
        if (start < count.first) count.first = start;
        if (start > count.last) count.last = start;
        count.lastSeq = seq;
      }
      addPeer(peers, exchange);
      addIdentity(identities, exchange);
    },
    write(db) {
      writeCounts(db, snapshot, counts);
      writePeers(db, snapshot, peers);
      writeIdentities(db, snapshot, identities);
    },
  };
}

function addPeer(peers: Map<string, Peer>, exchange: ReadExchange): void {
  const key = [exchange.source, exchange.host, exchange.tlsPeer ?? ''].join('\n');
  let peer = peers.get(key);
  if (!peer) {
    peer = { calls: 0, firstSeq: exchange.seq, offsets: new Map() };
    peers.set(key, peer);
  }
  peer.calls += 1;
  peer.firstSeq = Math.min(peer.firstSeq, exchange.seq);
  const offset = clockOffset(exchange);
  if (offset !== null) peer.offsets.set(offset, (peer.offsets.get(offset) ?? 0) + 1);
}

/**
 * The server's clock minus ours in ms, to 100 ms: its Date header, which is cut to the second and so is half a second
 * late on average, against the middle of the exchange.
 */
function clockOffset(exchange: ReadExchange): number | null {
  const server = exchange.serverDate === null ? NaN : Date.parse(exchange.serverDate);
  if (Number.isNaN(server)) return null;
  const middle = (Date.parse(exchange.start) + Date.parse(exchange.end)) / 2;
  return Math.round((server + 500 - middle) / 100) * 100;
}

function addIdentity(identities: Map<string, Identity>, exchange: ReadExchange): void {
  if (exchange.caller === '') return;
  const key = [exchange.source, exchange.caller].join('\n');
  const known = identities.get(key);
  if (known) {
    known.calls += 1;
    known.seq = Math.min(known.seq, exchange.seq);
    return;
  }
  const caller = JSON.parse(exchange.caller) as { arn?: string; account?: string; userId?: string };
  identities.set(key, {
    arn: caller.arn ?? '',
    account: caller.account ?? null,
    userId: caller.userId ?? null,
    calls: 1,
    seq: exchange.seq,
  });
}

function writeCounts(db: WritableDb, snapshot: string, counts: Map<string, Count>): void {
  const insert = inserter(db, 'call_count', [
    ...(['snapshot', 'source', 'op', 'scope', 'outcome', 'code', 'calls', 'retries'] as const),
    ...(['first', 'last', 'first_seq', 'last_seq'] as const),
  ]);
  for (const [key, c] of counts) {
    const [source, op, scope, outcome, code] = key.split('\n');
    insert({
      ...{ snapshot, source, op, scope, outcome, code, calls: c.calls, retries: c.retries },
      ...{ first: c.first, last: c.last, first_seq: c.firstSeq, last_seq: c.lastSeq },
    });
  }
}

function writePeers(db: WritableDb, snapshot: string, peers: Map<string, Peer>): void {
  const insert = inserter(db, 'host', [
    ...(['snapshot', 'source', 'host', 'tls_peer', 'calls'] as const),
    ...(['offset_min', 'offset_median', 'offset_max', 'first_seq'] as const),
  ]);
  for (const [key, peer] of peers) {
    const [source, host, tlsPeer] = key.split('\n');
    const sorted = [...peer.offsets].sort(([a], [b]) => a - b);
    insert({
      ...{ snapshot, source, host, tls_peer: tlsPeer, calls: peer.calls, first_seq: peer.firstSeq },
      offset_min: sorted[0]?.[0] ?? null,
      offset_median: median(sorted),
      offset_max: sorted.at(-1)?.[0] ?? null,
    });
  }
}

function median(sorted: [value: number, count: number][]): number | null {
  const half = sorted.reduce((sum, [, n]) => sum + n, 0) / 2;
  let seen = 0;
  for (const [value, n] of sorted) {
    seen += n;
    if (seen >= half) return value;
  }
  return null;
}

function writeIdentities(db: WritableDb, snapshot: string, identities: Map<string, Identity>): void {
  const insert = inserter(db, 'identity', [
    'snapshot',
    'source',
    'arn',
    'account',
    'user_id',
    'calls',
    'seq',
  ]);
  const byArn = new Map<string, Identity & { source: string }>();
  for (const [key, identity] of identities) {
    const source = key.slice(0, key.indexOf('\n'));
    const id = `${source}\n${identity.arn}`;
    const known = byArn.get(id);
    if (known) {
      known.calls += identity.calls;
      known.seq = Math.min(known.seq, identity.seq);
    } else byArn.set(id, { ...identity, source });
  }
  for (const { source, arn, account, userId, calls, seq } of byArn.values()) {
    insert({ snapshot, source, arn, account, user_id: userId, calls, seq });
  }
}
