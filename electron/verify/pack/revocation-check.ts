import { isIssuedBy } from '../../seal/chain.ts';
import { readCertificate, type Certificate } from '../../seal/certificate.ts';
import {
  revocationStatus,
  type RevocationData,
  type RevocationStatus,
} from '../../seal/revocation/status.ts';
import { cannotTell, pass, type Check } from '../verification.ts';

/** Whether everybody in a path was good standing when it counted. */
export interface Standing {
  check: Check;
  /** Nothing is missing for a later reader: level LT. */
  complete: boolean;
  /** Why the signature cannot be relied on; null when nothing speaks against it. */
  doubt: string | null;
}

/**
 * Revocation of a certificate and of those above it, from the data in the pack (RFC 5280 §6.3, RFC 6960). A revocation
 * counts when it came before the moment that is proved, or when no moment is; one because of a stolen key always does.
 *
 * @param provenAt the moment at which the signature is proved to have existed; null when none is.
 */
export function checkRevocation(
  who: { id: string; title: string },
  path: readonly Certificate[],
  others: readonly Uint8Array[],
  data: RevocationData,
  provenAt: Date | null,
): Standing {
  const { id, title } = who;
  const pool = [...path, ...others.map(readCertificate)];
  const sentences: string[] = [];
  const unknown: string[] = [];
  for (const certificate of path) {
    const issuer = pool.find((candidate) => isIssuedBy(certificate, candidate));
    const told: RevocationStatus = issuer
      ? revocationStatus(certificate, issuer, data)
      : { status: 'unknown', revoked: null, asOf: null, source: null, problems: [] };
    if (told.status === 'revoked') {
      const { at, reason } = told.revoked!;
      const when = `the certificate of "${certificate.subject}" was revoked on ${at.toISOString()} (${REASONS[reason] ?? 'no reason stated'})`;
      const after = provenAt !== null && at > provenAt && reason !== KEY_COMPROMISE;
      if (!after) {
        const doubt = provenAt ? `${when}, and the signature is proved for ${provenAt.toISOString()}` : when;
        return { check: cannotTell(id, title, `${capital(doubt)}.`), complete: true, doubt };
      }
      sentences.push(`${when}, after it had signed`);
    } else if (told.status === 'good')
      sentences.push(
        `"${certificate.subject}" was in good standing as of ${told.asOf!.toISOString()} (${told.source})`,
      );
    else if (told.status === 'unknown') unknown.push(`"${certificate.subject}"`);
  }
  if (unknown.length > 0) {
    const detail = `The pack holds no revocation data about ${unknown.join(' and ')}. Ask their issuer, or: keywitness timestamp.`;
    return { check: cannotTell(id, title, detail), complete: false, doubt: null };
  }
  return {
    check: pass(
      id,
      title,
      sentences.length > 0
        ? `${capital(sentences.join('; '))}.`
        : 'Nobody can revoke it: it is its own issuer.',
    ),
    complete: true,
    doubt: null,
  };
}

/** CRLReason (RFC 5280 §5.3.1). */
const KEY_COMPROMISE = 1;
const REASONS: Record<number, string> = {
  1: 'key compromise',
  2: 'CA compromise',
  3: 'affiliation changed',
  4: 'superseded',
  5: 'cessation of operation',
  6: 'on hold',
  9: 'privilege withdrawn',
  10: 'authority compromise',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
