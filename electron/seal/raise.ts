import { readCertificate, type Certificate } from './certificate.ts';
import { SealError } from './error.ts';
import type { Level, RaiseOptions, SealOutcome } from './outcome.ts';
import { gatherValidationData, type Gathered } from './revocation/gather.ts';
import type { ValidationData } from './revocation/gather.ts';
import type { Timestamp, TimestampOptions } from './timestamp/client.ts';

/** A thing that carries a signature, whose level can be raised; each step returns the thing grown. */
export interface Raisable<T> {
  /** Certificates of the signer and of the authorities whose tokens it carries already. */
  certificatesOf(thing: T): { signer: readonly Uint8Array[]; authorities: readonly Uint8Array[] };
  /** The latest time that its tokens state; null when it has none. */
  timeOf(thing: T): Date | null;
  /** The kind of revocation data that it can hold, or holds best; default OCSP, which is smaller. */
  prefers?(thing: T): 'CRL' | 'OCSP';
  /** Its first time covers everything in it, so validation data of the signer go in before that time too. */
  readonly timeCoversData?: boolean;
  /** Whether a further time can go in beside the first; default always. */
  takesSecondTime?(thing: T): boolean;
  addTime(thing: T, options: TimestampOptions): Promise<{ thing: T; timestamp: Timestamp }>;
  addValidationData(thing: T, data: ValidationData): T;
  /** The time over everything, validation data included. */
  addArchiveTime(thing: T, options: TimestampOptions): Promise<{ thing: T; timestamp: Timestamp }>;
}

/**
 * Raises a signature as far as can be: time (B-T), validation data of signer and authorities (B-LT), time over all
 * (B-LTA). What is signed keeps its bytes. Authorities and revocation services that cannot be reached leave the level
 * lower and are named; nothing is thrown for them.
 */
export async function raise<T>(
  start: T,
  kind: Raisable<T>,
  options: RaiseOptions,
): Promise<{ thing: T } & SealOutcome> {
  const hosts = new Set<string>();
  let thing = start;
  let provenTime = kind.timeOf(start);
  let level: Level = provenTime ? 'B-T' : 'B-B';
  const outcome = (pending: string | null, lacking: readonly string[]) => ({
    thing,
    level,
    provenTime,
    pending,
    lacking,
    hosts: [...hosts],
  });
  if (options.timestamp === null) {
    const reason = 'no timestamp authority was given';
    return outcome(level === 'B-B' ? reason : null, [reason]);
  }
  let authorities: TimestampOptions = options.timestamp;
  const stamp = async (add: Raisable<T>['addTime']): Promise<string | null> => {
    try {
      const added = await add(thing, authorities);
      const { url, failures, genTime } = added.timestamp;
      for (const asked of [...failures.map((failure) => failure.url), url]) hosts.add(hostOf(asked));
      // The one that answered goes first from now on: validation data then cover the next token too.
      authorities = { ...authorities, urls: [url, ...authorities.urls.filter((other) => other !== url)] };
      thing = added.thing;
      provenTime = genTime;
      return null;
    } catch (error) {
      if (!(error instanceof SealError) || !error.code.startsWith('TSA_')) throw error;
      for (const asked of authorities.urls) hosts.add(hostOf(asked));
      return error.message;
    }
  };

  /** A time by another authority beside the first; why there is none, or null. */
  async function secondTime(): Promise<string | null> {
    const { second } = authorities;
    const soFar = tsaCertificates(kind.certificatesOf(thing).authorities).size;
    // A pack that is renewed has its second time already.
    if (!second?.length || soFar > 1 || kind.takesSecondTime?.(thing) === false) return null;
    const [before, first] = [{ thing, provenTime }, authorities];
    await coverData();
    authorities = { ...first, urls: second };
    const reason = await stamp((one, tsa) => kind.addTime(one, tsa));
    authorities = first;
    if (reason !== null) return `a second authority: ${reason}`;
    if (tsaCertificates(kind.certificatesOf(thing).authorities).size > soFar) return null;
    ({ thing, provenTime } = before);
    return 'a second authority: the one asked is the first one under another address. Name another authority';
  }

  /**
   * Puts what is known so far under the next time. Not counted: what the services say after the last time is what level
   * B-LT asks for, and is asked for then.
   */
  async function coverData(): Promise<void> {
    if (!kind.timeCoversData) return;
    const { data, hosts: asked } = await gather(kind.certificatesOf(thing), options, 'OCSP');
    for (const host of asked) hosts.add(host);
    thing = kind.addValidationData(thing, data);
  }

  if (level === 'B-B') {
    await coverData();
    const reason = await stamp((one, tsa) => kind.addTime(one, tsa));
    if (reason !== null) return outcome(reason, [reason]);
    level = 'B-T';
  }
  const alone = await secondTime();
  const gathered = await gather(kind.certificatesOf(thing), options, kind.prefers?.(thing) ?? 'OCSP');
  for (const host of gathered.hosts) hosts.add(host);
  thing = kind.addValidationData(thing, gathered.data);
  if (gathered.lacking.length === 0) level = 'B-LT';
  const reason = await stamp((one, tsa) => kind.addArchiveTime(one, tsa));
  const lacking = [...gathered.lacking, ...(alone === null ? [] : [alone])];
  if (reason !== null) return outcome(null, [...lacking, reason]);
  if (level === 'B-LT') level = 'B-LTA';
  return outcome(null, lacking);
}

/** Validation data of a signer and of timestamp authorities. */
export function gather(
  certificates: { signer: readonly Uint8Array[]; authorities: readonly Uint8Array[] },
  options: RaiseOptions,
  prefer: 'CRL' | 'OCSP',
): Promise<Gathered> {
  const [own] = certificates.signer;
  const leaves = [...(own ? [own] : []), ...certificates.authorities].map(readCertificate).filter(isEnd);
  return gatherValidationData(leaves, {
    ...options.retrieval,
    prefer,
    known: [
      ...certificates.signer,
      ...certificates.authorities,
      ...(options.known ?? []),
      ...(options.timestamp?.trusted ?? []),
    ],
  });
}

const tsaCertificates = (certificates: readonly Uint8Array[]): Set<string> =>
  new Set(
    certificates
      .map(readCertificate)
      .filter(isEnd)
      .map(({ fingerprint }) => fingerprint),
  );

/** CAs inside tokens come in as issuers of the authority. */
const isEnd = (certificate: Certificate): boolean => !certificate.ca;

/** The latest of some times, or null. */
export const latest = (times: readonly Date[]): Date | null =>
  times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime())));

/** Addresses may carry credentials; only the host is ever shown. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an invalid address');
