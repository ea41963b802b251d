import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Company, Instant, Trail } from '../company/types.ts';
import { deliveriesOf, linesOf, type Delivery, type LogFile } from './delivery.ts';
import { digestChain, type LogFacts } from './digest-chain.ts';
import { eventLog } from './event-log.ts';
import {
  chooseFaults,
  inventedRecord,
  logNear,
  withLaterStart,
  withoutFirstRecord,
  type DoneFault,
} from './faults.ts';

/** An object of a log bucket. Listing it costs nothing; size, ETag and bytes are computed when first asked for. */
export interface LogObject {
  key: string;
  kind: 'log' | 'digest';
  lastModified: Instant;
  trail: Trail;
  accountId: string;
  region: string;
  head(): ObjectHead;
  bytes(): Buffer;
}

export interface ObjectHead {
  size: number;
  /** Hexadecimal, without quotes. */
  etag: string;
  /** User metadata: signature and signature-algorithm of a digest. */
  metadata: Record<string, string>;
  encryption: { algorithm: 'AES256' | 'aws:kms'; kmsKeyArn?: string };
}

export interface LogBuckets {
  /** Objects in order of key, as S3 lists them; empty for a bucket that no trail delivers to. */
  objects(bucket: string): readonly LogObject[];
  find(bucket: string, key: string): LogObject | undefined;
  deliveries: readonly Delivery[];
  /** The faults that were asked for, and where they are. */
  faults: readonly DoneFault[];
}

const known = new WeakMap<Company, LogBuckets>();

/** The objects that the company's trails delivered, with the faults of `setLogOptions`. */
export function logBuckets(company: Company): LogBuckets {
  let buckets = known.get(company);
  if (!buckets) known.set(company, (buckets = build(company)));
  return buckets;
}

/** Compressed objects kept for the next request; more are computed again. */
const KEEP_BYTES = 64 * 1024 * 1024;

function build(company: Company): LogBuckets {
  const log = eventLog(company);
  const deliveries = deliveriesOf(company);
  const faults = chooseFaults(company, deliveries);
  const faultAt = new Map(
    faults.map((fault) => [`${fault.bucket}/${fault.originalKey ?? fault.key}`, fault]),
  );
  const cache = byteCache(KEEP_BYTES);
  const facts = new Map<LogFile, LogFacts>();
  const byBucket = new Map<string, LogObject[]>();
  const add = (object: LogObject): void => {
    const objects = byBucket.get(object.trail.bucket);
    if (objects) objects.push(object);
    else byBucket.set(object.trail.bucket, [object]);
  };

  const factsOf = (file: LogFile): LogFacts => {
    let fact = facts.get(file);
    if (!fact) {
      const lines = linesOf(log, file);
      const hash = createHash('sha256')
        .update(recordsText(lines.map(({ text }) => text)))
        .digest('hex');
      fact = { hash, oldest: lines[0]?.at ?? file.from, newest: lines.at(-1)?.at ?? file.from };
      facts.set(file, fact);
    }
    return fact;
  };
  /** Bytes of a log file; its facts come with them, since its events are at hand. */
  const logBytes = (file: LogFile, change?: (texts: string[]) => string[]): Buffer => {
    const lines = linesOf(log, file);
    const texts = lines.map(({ text }) => text);
    const raw = Buffer.from(recordsText(texts), 'utf8');
    if (!facts.has(file)) {
      facts.set(file, {
        hash: createHash('sha256').update(raw).digest('hex'),
        oldest: lines[0]?.at ?? file.from,
        newest: lines.at(-1)?.at ?? file.from,
      });
    }
    return gzipSync(change ? recordsText(change(texts)) : raw, { level: 1 });
  };
  const object = (
    base: Omit<LogObject, 'head' | 'bytes'>,
    make: () => Buffer,
    metadata: () => Record<string, string> = () => ({}),
  ): LogObject => {
    let head: ObjectHead | undefined;
    const bytes = (): Buffer => cache(`${base.trail.bucket}/${base.key}`, make);
    const encryption: ObjectHead['encryption'] =
      base.kind === 'log' && base.trail.kmsKeyArn !== undefined
        ? { algorithm: 'aws:kms', kmsKeyArn: base.trail.kmsKeyArn }
        : { algorithm: 'AES256' };
    return {
      ...base,
      bytes,
      head() {
        if (!head) {
          const body = bytes();
          head = {
            size: body.length,
            etag: createHash('md5').update(body).digest('hex'),
            metadata: metadata(),
            encryption,
          };
        }
        return head;
      },
    };
  };

  for (const delivery of deliveries) {
    const { trail, scope, files, digests } = delivery;
    const place = { trail, accountId: scope.accountId, region: scope.region };
    for (const file of files) {
      const fault = faultAt.get(`${trail.bucket}/${file.key}`)?.fault;
      if (fault === 'deleted-log') continue;
      const change = fault === 'tampered-log' ? withoutFirstRecord : undefined;
      add(
        object({ ...place, key: file.key, kind: 'log', lastModified: file.deliveredAt }, () =>
          logBytes(file, change),
        ),
      );
    }
    const digestAt = digestChain(company, delivery, factsOf);
    digests.forEach((digest, index) => {
      const done = faultAt.get(`${trail.bucket}/${digest.key}`);
      if (done?.fault === 'deleted-digest') return;
      const key = done?.fault === 'moved-digest' ? done.key : digest.key;
      const text = (): string => {
        const original = digestAt(index).text;
        return done?.fault === 'tampered-digest' ? withLaterStart(original) : original;
      };
      add(
        object(
          { ...place, key, kind: 'digest', lastModified: digest.end },
          () => gzipSync(text(), { level: 1 }),
          () => ({ signature: digestAt(index).signature, 'signature-algorithm': 'SHA256withRSA' }),
        ),
      );
    });
  }
  for (const { fault, key, delivery } of faults) {
    if (fault !== 'undigested-log') continue;
    const { trail, scope } = delivery;
    const model = delivery.files.find((file) => logKey16(file.key) === logKey16(key)) ?? logNear(delivery, 0);
    add(
      object(
        {
          trail,
          accountId: scope.accountId,
          region: scope.region,
          key,
          kind: 'log',
          lastModified: model.deliveredAt,
        },
        () => logBytes(model, (texts) => [inventedRecord(company, texts[0] ?? '{}')]),
      ),
    );
  }
  for (const objects of byBucket.values())
    objects.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    deliveries,
    faults,
    objects: (bucket) => byBucket.get(bucket) ?? [],
    find(bucket, key) {
      const objects = byBucket.get(bucket) ?? [];
      const at = firstAtOrAfter(objects, key);
      return objects[at]?.key === key ? objects[at] : undefined;
    },
  };
}

/** The name without its random end: the files of one delivery share it. */
const logKey16 = (key: string): string => key.slice(0, -'0123456789abcdef.json.gz'.length);

export const recordsText = (texts: string[]): string => `{"Records":[${texts.join(',')}]}`;

/** Position of the first object whose key is not smaller. Keys compare by UTF-8 bytes; ours are ASCII. */
export function firstAtOrAfter(objects: readonly { key: string }[], key: string): number {
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (objects[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Keeps the most recently used bytes, up to a total. */
function byteCache(limit: number): (key: string, make: () => Buffer) => Buffer {
  const kept = new Map<string, Buffer>();
  let total = 0;
  return (key, make) => {
    const hit = kept.get(key);
    const bytes = hit ?? make();
    if (hit) kept.delete(key);
    else total += bytes.length;
    kept.set(key, bytes);
    for (const [oldest, old] of kept) {
      if (total <= limit || oldest === key) break;
      kept.delete(oldest);
      total -= old.length;
    }
    return bytes;
  };
}
