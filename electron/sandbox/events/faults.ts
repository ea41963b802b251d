import { randomFor } from '../company/random.ts';
import { MINUTE } from '../company/time.ts';
import type { Company } from '../company/types.ts';
import { digestKey, logKey, type Delivery, type LogFile } from './delivery.ts';
import { logSettings, type LogFault } from './options.ts';

/** What was done to the bucket, and to which object. */
export interface DoneFault {
  fault: LogFault;
  bucket: string;
  /** The object concerned: changed, missing, or added. */
  key: string;
  /** moved-digest: where the digest says it lies. */
  originalKey?: string;
  delivery: Delivery;
}

/** Different places in the chain, so that several faults can be seen side by side. */
const PLACE: Record<LogFault, number> = {
  'tampered-log': 0.2,
  'deleted-log': 0.35,
  'deleted-digest': 0.5,
  'undigested-log': 0.6,
  'moved-digest': 0.75,
  'tampered-digest': 0.9,
};

/** Chooses the victims of the faults asked for: in the first chain that has digests, at fixed places. */
export function chooseFaults(company: Company, deliveries: Delivery[]): DoneFault[] {
  const delivery = deliveries.find(({ digests }) => digests.length > 0);
  if (!delivery) return [];
  const { trail, scope, digests } = delivery;
  return logSettings(company).faults.map((fault): DoneFault => {
    const index = Math.floor(PLACE[fault] * digests.length);
    const digest = digests[index]!;
    const base = { fault, bucket: trail.bucket, delivery };
    switch (fault) {
      case 'tampered-log':
      case 'deleted-log':
        return { ...base, key: logNear(delivery, index).key };
      case 'deleted-digest':
      case 'tampered-digest':
        return { ...base, key: digest.key };
      case 'undigested-log':
        return { ...base, key: logKey(company, trail, scope, logNear(delivery, index).deliveredAt, 'extra') };
      case 'moved-digest':
        return {
          ...base,
          key: digestKey(company, trail, scope, digest.end - MINUTE),
          originalKey: digest.key,
        };
    }
  });
}

/** The first log file of this digest, or of the nearest later or earlier one that has any. */
export function logNear(delivery: Delivery, index: number): LogFile {
  const { digests } = delivery;
  const file = [...digests.slice(index), ...digests.slice(0, index).reverse()].find(
    ({ files }) => files.length > 0,
  )?.files[0];
  if (!file)
    throw new RangeError(
      'cannot choose a log file for a fault: the trail delivered none. Ask for more events.',
    );
  return file;
}

/** Somebody took one event out of the file. */
export const withoutFirstRecord = (texts: string[]): string[] => texts.slice(1);

/** A record that CloudTrail never wrote: another one under a new id. */
export function inventedRecord(company: Company, text: string): string {
  return text.replace(
    /"eventID":"[^"]*"/,
    `"eventID":"${randomFor(company.seed, 'invented-record').uuid()}"`,
  );
}

/** Somebody moved the beginning of what the digest says it covers. */
export const withLaterStart = (digestText: string): string =>
  digestText.replace(
    /"digestStartTime":"(\d{4})-/,
    (_, year: string) => `"digestStartTime":"${Number(year) + 1}-`,
  );
