import { hash } from 'node:crypto';
import { digestIdentifier, type Imprint } from './digest.ts';
import { integer, octetString, sequence, sorted, tlv } from './der/write.ts';
import { expectTag, integerHex, isDer, malformed, octetsOf, oidOf, parseAsn } from './der/read.ts';
import { OID } from './oids.ts';
import { verifyTimestampToken, type TimestampCheck } from './timestamp/token.ts';

/*
 * Evidence records (RFC 4998): one time-stamp for many packs. The token is over the root of a hash tree; each record
 * holds the part of the tree that leads from its own data to the root, so it is checked without the others.
 */

const WHAT = 'an evidence record';
const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');
const joined = (hashes: readonly Uint8Array[]): Uint8Array => sha256(Buffer.concat(sorted(hashes)));

/** Hash of a group of data objects: of their sorted hashes, or the only one's own (RFC 4998 §4.2). */
const groupHash = (hashes: readonly Uint8Array[]): Uint8Array =>
  hashes.length === 1 ? (hashes[0] as Uint8Array) : joined(hashes);

/** A hash tree over groups of data objects, each group the files of one pack. */
export interface HashTree {
  /** What the token is to be over. */
  readonly root: Imprint;
  /** The reduced tree of a group: lists of hashes from its own objects up to the root. */
  reduced(group: number): readonly (readonly Uint8Array[])[];
}

/** Makes the tree. @param groups SHA-256 of every object, by group; no group is empty. */
export function hashTree(groups: readonly (readonly Uint8Array[])[]): HashTree {
  const tops = groups.map(groupHash);
  return {
    root: { algorithm: 'sha256', digest: groupHash(tops) },
    reduced: (own) => {
      const others = tops.filter((_, index) => index !== own);
      return [groups[own] ?? [], ...(others.length > 0 ? [others] : [])];
    },
  };
}

/** EvidenceRecord with one archive time-stamp (RFC 4998 §3.1, §4.1; the module has implicit tags). */
export function writeEvidenceRecord(
  reduced: readonly (readonly Uint8Array[])[],
  token: Uint8Array,
): Uint8Array {
  const partial = reduced.map((hashes) => sequence(...sorted(hashes).map(octetString)));
  const archiveTimestamp = sequence(
    tlv(0xa0, ...parseAsn(digestIdentifier('sha256'), WHAT).members.map(({ der }) => der)),
    tlv(0xa2, ...partial),
    token,
  );
  return sequence(integer(1), sequence(digestIdentifier('sha256')), sequence(sequence(archiveTimestamp)));
}

/** What an evidence record proves of data objects. */
export interface EvidenceRecordCheck {
  readonly timestamp: TimestampCheck;
  /** Sentences; empty when the record covers exactly the objects and its token holds. */
  readonly problems: readonly string[];
}

/** The token and the reduced tree of a record. @throws SealError MALFORMED, also for records that were renewed. */
export function parseEvidenceRecord(der: Uint8Array): {
  readonly reduced: readonly (readonly Uint8Array[])[];
  readonly token: Uint8Array;
} {
  const whole = expectTag(parseAsn(der, WHAT), 0x30, WHAT);
  const [version, algorithms, sequenceOfChains] = whole.members;
  if (!isDer(whole) || integerHex(version, WHAT) !== '01' || whole.members.length !== 3)
    throw malformed(WHAT, 'it is not of version 1');
  if (algorithms?.members.length !== 1 || oidOf(algorithms.members[0]?.members[0], WHAT) !== OID.sha256)
    throw malformed(WHAT, 'its digest algorithm is not SHA-256');
  const stamps = sequenceOfChains?.members.flatMap((chain) => chain.members) ?? [];
  const [stamp] = stamps;
  if (!stamp || stamps.length !== 1) throw malformed(WHAT, 'it has not exactly one time-stamp');
  const parts = stamp.members.filter(({ tag }) => tag !== 0xa0);
  const own = stamp.members.find(({ tag }) => tag === 0xa0);
  if (own && oidOf(own.members[0], WHAT) !== OID.sha256)
    throw malformed(WHAT, 'its digest algorithm is not SHA-256');
  const [tree, token] = parts[0]?.tag === 0xa2 ? parts : [undefined, parts[0]];
  if (parts.length > 2 || token?.tag !== 0x30) throw malformed(WHAT, 'it has unexpected parts');
  const reduced = (tree?.members ?? []).map((list) => list.members.map((one) => octetsOf(one, WHAT)));
  return { reduced, token: token.der };
}

/**
 * Checks a record against all the objects it must cover (RFC 4998 §4.3): the first list of its tree holds their hashes
 * and no other, the lists lead to the root, and the token is over the root.
 *
 * @param hashes SHA-256 of each object.
 * @throws SealError MALFORMED
 */
export function verifyEvidenceRecord(
  der: Uint8Array,
  hashes: readonly Uint8Array[],
  options: { trusted?: readonly Uint8Array[]; at?: Date } = {},
): EvidenceRecordCheck {
  const { reduced, token } = parseEvidenceRecord(der);
  const [first = [], ...rest] = reduced;
  const hex = (list: readonly Uint8Array[]): string[] =>
    sorted(list).map((one) => Buffer.from(one).toString('hex'));
  const exact = hex(first).join() === hex(hashes).join();
  let top = first.length === 0 ? new Uint8Array(32) : groupHash(first);
  for (const others of rest) top = joined([top, ...others]);
  const timestamp = verifyTimestampToken(token, { algorithm: 'sha256', digest: top }, options);
  return {
    timestamp,
    problems: [
      ...(exact ? [] : ['it is not about exactly the files that its manifest lists']),
      ...timestamp.problems,
    ],
  };
}
