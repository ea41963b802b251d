import { isBelieved, type VerifyOptions } from '../../seal/cades.ts';
import { ASIC, parseAsicManifest } from '../../seal/asic/manifest.ts';
import { SealError } from '../../seal/error.ts';
import { parseEvidenceRecord, verifyEvidenceRecord } from '../../seal/evidence-record.ts';
import { tokenCertificates, type TimestampCheck } from '../../seal/timestamp/token.ts';
import type { ReadEntry } from '../container/read-entry.ts';
import { fail, pass, type Check } from '../verification.ts';
import { trustOf } from './archive-check.ts';
import { checkManifest } from './manifest-check.ts';
import type { Seals } from './seals.ts';

/** What an evidence record proves; nothing when the pack has none. */
export interface EvidenceTimes {
  checks: Check[];
  timestamp: TimestampCheck | null;
  certificates: readonly Uint8Array[];
  /** Moment at which what it covers must have been valid. */
  at: Date;
}

/** Checks the evidence record that a batch of packs got with one token (RFC 4998 §4.3; EN 319 162-1 §4.4.3.2). */
export function checkEvidenceRecord(
  { evidence, names }: Seals,
  read: ReadonlyMap<string, ReadEntry>,
  options: VerifyOptions & { at: Date },
): EvidenceTimes {
  const none = { timestamp: null, certificates: [], at: options.at };
  if (!evidence) return { checks: [], ...none };
  const id = 'evidence-record';
  const title = 'Timestamp shared with other packs (evidence record, RFC 4998)';
  const { manifest, record } = evidence;
  if (!manifest || !record)
    return { checks: [fail(id, title, 'Only one of evidence record and its manifest is there.')], ...none };
  const exempt = new Set([...names].filter((name) => name !== ASIC.manifest && name !== ASIC.signature));
  const covered = checkManifest(
    {
      id: 'asic-evidence-manifest',
      title: 'Every file is in the evidence record',
      name: ASIC.evidenceManifest,
      seal: ASIC.evidenceRecord,
      exempt,
    },
    manifest,
    read,
  );
  try {
    const hashes = parseAsicManifest(manifest, ASIC.evidenceManifest).entries.map(
      ({ imprint }) => imprint.digest,
    );
    const { timestamp, problems } = verifyEvidenceRecord(record, hashes, {
      trusted: options.trustedAuthorities ?? options.trusted ?? [],
      at: options.at,
    });
    const { token } = parseEvidenceRecord(record);
    if (problems.length > 0)
      return { checks: [covered, fail(id, title, `${problems.join('; ')}.`)], ...none };
    const detail = `Everything existed at ${timestamp.genTime.toISOString()}, says ${timestamp.authority!.subject}, ${trustOf(timestamp)}.`;
    return {
      checks: [covered, pass(id, title, detail)],
      timestamp,
      certificates: tokenCertificates(token),
      at: isBelieved(timestamp) ? timestamp.genTime : options.at,
    };
  } catch (error) {
    if (error instanceof SealError)
      return { checks: [covered, fail(id, title, `${error.message}.`)], ...none };
    throw error;
  }
}
