import { isIssuedBy } from '../../seal/chain.ts';
import { readCertificate, type Certificate } from '../../seal/certificate.ts';
import type { Revoked } from '../../seal/revocation/crl.ts';
import { revocationStatus, silent, type RevocationData } from '../../seal/revocation/status.ts';
import { cannotTell, pass, type Check } from '../verification.ts';

/** Whether everybody in a path was in good standing when it counted. */
export interface Standing {
  check: Check;
  /** Nothing is missing for a later reader: level LT. */
  complete: boolean;
  /** Why the signature cannot be relied on; null when nothing speaks against it. */
  doubt: string | null;
}

/** Whose standing is looked at. */
export interface Party {
  id: string;
  title: string;
  /** A signer's signature stands by itself; of a timestamp authority every token falls with its key (RFC 3161 §4). */
  role: 'signer' | 'authority';
}

/**
 * Revocation of a certificate and of those above it, from the data in the pack (RFC 5280 §6.3, RFC 6960). A revocation
 * counts when it came before the moment that is proved, or when no moment is (EN 319 102-1 §5.5.4). An authority's that
 * came later counts too when its key may have been lost: it could have made the proof afterwards.
 *
 * @param provenAt the moment at which the signature is proved to have existed; null when none is.
 */
export function checkRevocation(
  { id, title, role }: Party,
  path: readonly Certificate[],
  others: readonly Uint8Array[],
  data: RevocationData,
  provenAt: Date | null,
): Standing {
  const pool = [...path, ...others.map(readCertificate)];
  const sentences: string[] = [];
  const unknown: string[] = [];
  for (const certificate of path) {
    const issuer = pool.find((candidate) => isIssuedBy(certificate, candidate));
    const told = issuer ? revocationStatus(certificate, issuer, data) : silent('unknown');
    if (told.status === 'revoked') {
      const revoked = told.revoked!;
      const when = `the certificate of "${certificate.subject}" was revoked on ${revoked.at.toISOString()} (${reasonOf(revoked)})`;
      const problem = problemOf(revoked, role, provenAt);
      if (problem !== null)
        return {
          check: cannotTell(id, title, `${capital(when)}${problem}.`),
          complete: true,
          doubt: `${when}${problem}`,
        };
      sentences.push(`${when}, after it had signed`);
    } else if (told.status === 'good' && told.until && provenAt && told.until < provenAt)
      unknown.push(
        `"${certificate.subject}" (the ${told.source} inside ended on ${told.until.toISOString()}, before ${provenAt.toISOString()})`,
      );
    else if (told.status === 'good')
      sentences.push(
        `"${certificate.subject}" was in good standing as of ${told.asOf!.toISOString()} (${told.source})`,
      );
    else if (told.status === 'unknown') unknown.push(`"${certificate.subject}"`);
  }
  if (unknown.length > 0) {
    const detail = `The pack holds no revocation data that count about ${unknown.join(' and ')}. Ask their issuer, or: keywitness timestamp.`;
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

/** Why a revocation counts against what was signed, to follow the sentence about it; null when it does not. */
function problemOf(revoked: Revoked, role: Party['role'], provenAt: Date | null): string | null {
  const { at, reason, invalidSince } = revoked;
  if (provenAt === null) return '';
  const proved = `what it signed is proved for ${provenAt.toISOString()}`;
  if (at <= provenAt) return `, and ${proved}`;
  if (invalidSince && invalidSince <= provenAt)
    return `, its key lost since ${invalidSince.toISOString()}, and ${proved}`;
  if (role === 'authority' && (reason === null || !HARMLESS.has(reason)))
    return ', and whoever has its key can state any time';
  return null;
}

/** Reasons after which an authority's earlier tokens stay good (RFC 3161 §4). */
const HARMLESS = new Set([0, 3, 4, 5]);

/** CRLReason (RFC 5280 §5.3.1). */
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

const reasonOf = ({ reason }: Revoked): string => REASONS[reason ?? 0] ?? 'no reason stated';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
