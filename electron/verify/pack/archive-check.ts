import { certificatesInside } from '../../seal/cades-levels.ts';
import { archiveImprint } from '../../seal/asic.ts';
import { isBelieved, type VerifyOptions } from '../../seal/cades.ts';
import { SealError } from '../../seal/error.ts';
import { tokenCertificates, verifyTimestampToken, type TimestampCheck } from '../../seal/timestamp/token.ts';
import type { ReadEntry } from '../container/read-entry.ts';
import { cannotTell, fail, pass, type Check } from '../verification.ts';
import { checkManifest } from './manifest-check.ts';
import type { ArchiveSeal, Seals } from './seals.ts';

/** What the archive times of a pack prove. */
export interface ArchiveTimes {
  checks: Check[];
  /** Tokens that hold, oldest first. */
  valid: TimestampCheck[];
  /** Moment at which the signature's own certificates must have been valid: the oldest believed token's, else now. */
  at: Date;
  /** Certificates inside the tokens, DER. */
  certificates: readonly Uint8Array[];
}

const TITLE = 'Timestamp over the whole pack (RFC 3161)';

/**
 * Checks each archive manifest and its token (EN 319 162-1 §A.7), the newest first: a token is looked at as of the
 * moment that the next believed one proves, which is how an expired authority's token still counts once it was renewed.
 */
export function checkArchives(
  seals: Seals,
  read: ReadonlyMap<string, ReadEntry>,
  options: VerifyOptions,
): ArchiveTimes {
  const { archives } = seals;
  let at = options.at ?? new Date();
  const parties = partiesOf(seals);
  const checks: Check[] = [];
  const valid: TimestampCheck[] = [];
  if (archives.length === 0 && !seals.evidence)
    checks.push(cannotTell('archive-timestamp', TITLE, 'The pack has none: time pending.'));
  for (const [index, archive] of [...archives.entries()].reverse()) {
    if (!archive.manifest || !archive.token) {
      checks.unshift(
        fail(
          'archive-timestamp',
          TITLE,
          `Only one of ${archive.manifestName} and ${archive.tokenName} is there.`,
        ),
      );
      continue;
    }
    const later = new Set(archives.slice(index).flatMap((one) => [one.manifestName, one.tokenName]));
    const covered = checkManifest(
      {
        id: 'asic-archive-manifest',
        title: 'Every file is timestamped (archive manifest)',
        name: archive.manifestName,
        seal: archive.tokenName,
        exempt: later,
      },
      archive.manifest,
      read,
    );
    const { check, timestamp } = checkToken(archive, parties, { ...options, at });
    checks.unshift(covered, check);
    if (timestamp?.valid) {
      const next = valid[0];
      if (next && next.genTime < timestamp.genTime)
        checks.push(
          fail(
            'archive-timestamp',
            TITLE,
            `${archive.tokenName} states a later time than the token after it.`,
          ),
        );
      valid.unshift(timestamp);
      if (isBelieved(timestamp)) at = timestamp.genTime;
    }
  }
  const certificates = archives.flatMap(({ token }) =>
    readable(() => (token ? tokenCertificates(token) : [])),
  );
  return { checks, valid, at, certificates };
}

/** Everybody whose certificates a renewed token may carry: signer and authorities of all seals. */
function partiesOf({ signature, archives }: Seals): readonly Uint8Array[] {
  const inside = readable(() => {
    if (!signature) return [];
    const { signer, authorities } = certificatesInside(signature);
    return [...signer, ...authorities];
  });
  return [
    ...inside,
    ...archives.flatMap(({ token }) => readable(() => (token ? tokenCertificates(token) : []))),
  ];
}

function readable(read: () => readonly Uint8Array[]): readonly Uint8Array[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof SealError) return [];
    throw error;
  }
}

function checkToken(
  archive: ArchiveSeal,
  parties: readonly Uint8Array[],
  options: VerifyOptions,
): { check: Check; timestamp: TimestampCheck | null } {
  const id = 'archive-timestamp';
  try {
    const timestamp = verifyTimestampToken(archive.token!, archiveImprint(archive.manifest!), {
      trusted: options.trustedAuthorities ?? options.trusted ?? [],
      parties,
      ...(options.at ? { at: options.at } : {}),
    });
    if (!timestamp.valid)
      return { check: fail(id, TITLE, `${archive.tokenName}: ${timestamp.problems.join('; ')}.`), timestamp };
    const detail = `Everything existed at ${timestamp.genTime.toISOString()}, says ${timestamp.authority!.subject}, ${trustOf(timestamp)}.`;
    return { check: pass(id, TITLE, detail), timestamp };
  } catch (error) {
    if (error instanceof SealError)
      return { check: fail(id, TITLE, `${archive.tokenName}: ${error.message}.`), timestamp: null };
    throw error;
  }
}

/** Why the authority counts, or not, in words. */
export function trustOf(timestamp: TimestampCheck): string {
  if (isBelieved(timestamp)) return 'an authority you trust';
  return timestamp.trust === 'trusted'
    ? `an authority you trust, but ${timestamp.chainProblems.join('; ')}`
    : 'an authority you have not said you trust';
}
