import { randomBytes } from 'node:crypto';
import type { AuthorityTest } from '../api/stamping.ts';
import { displayName } from '../seal/certificate.ts';
import { SealError } from '../seal/error.ts';
import { requestTimestamp } from '../seal/timestamp/client.ts';

/** Asks one authority for the time of 32 random bytes and checks all that a pack's token is checked for. */
export async function testAuthority(
  url: string,
  trusted: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<AuthorityTest> {
  const started = Date.now();
  try {
    const { genTime, accuracyMs, policy, tsaCertificate } = await requestTimestamp(
      { algorithm: 'sha256', digest: randomBytes(32) },
      { urls: [url], ...(trusted.length > 0 ? { trusted } : {}), ...(signal ? { signal } : {}) },
    );
    const ended = Date.now();
    return {
      url,
      answer: {
        genTime: genTime.toISOString(),
        accuracyMs,
        policy,
        authority: displayName(tsaCertificate),
        issuer: tsaCertificate.issuer,
        notAfter: tsaCertificate.notAfter.toISOString(),
        fingerprint: tsaCertificate.fingerprint,
        offsetMs: Math.round(genTime.getTime() - (started + ended) / 2),
        tookMs: ended - started,
      },
      why: null,
    };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return { url, answer: null, why: error.message };
  }
}
