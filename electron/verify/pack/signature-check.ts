import { isBelieved, verifyCades, type CadesCheck, type VerifyOptions } from '../../seal/cades.ts';
import { SealError } from '../../seal/error.ts';
import { verifyTimestampToken, type TimestampCheck } from '../../seal/timestamp/token.ts';
import { fail, pass, type Check } from '../verification.ts';

/** The signature over the manifest, and what it says of signer and time. */
export function checkSignature(
  signature: Uint8Array,
  manifest: Uint8Array,
  options: VerifyOptions,
): { check: Check; cades: CadesCheck | null } {
  const id = 'cades';
  const title = 'Signature over the manifest (CAdES)';
  try {
    const cades = verifyCades(signature, manifest, options);
    if (!cades.valid) return { check: fail(id, title, `${cades.problems.join('; ')}.`), cades };
    const trust =
      cades.trust === 'trusted' && cades.chainProblems.length === 0
        ? 'its certificate leads to one you trust'
        : 'its certificate is self-asserted: compare the fingerprint with one you got from the signer';
    const detail = `Signed by ${cades.signer!.subject} (SHA-256 ${cades.signer!.fingerprint}); ${trust}.`;
    return { check: pass(id, title, detail), cades };
  } catch (error) {
    if (error instanceof SealError) return { check: fail(id, title, `${error.message}.`), cades: null };
    throw error;
  }
}

/** The archive timestamp over everything in the container. */
export function checkArchiveTimestamp(
  token: Uint8Array,
  archiveManifest: Uint8Array,
  options: VerifyOptions,
): { check: Check; timestamp: TimestampCheck | null } {
  const id = 'archive-timestamp';
  const title = 'Timestamp over the whole pack (RFC 3161)';
  try {
    const timestamp = verifyTimestampToken(token, archiveManifest, {
      trusted: options.trustedAuthorities ?? options.trusted ?? [],
      ...(options.at ? { at: options.at } : {}),
    });
    if (!timestamp.valid) return { check: fail(id, title, `${timestamp.problems.join('; ')}.`), timestamp };
    const trust = isBelieved(timestamp)
      ? 'an authority you trust'
      : 'an authority you have not said you trust';
    const detail = `Everything existed at ${timestamp.genTime.toISOString()}, says ${timestamp.authority!.subject}, ${trust}.`;
    return { check: pass(id, title, detail), timestamp };
  } catch (error) {
    if (error instanceof SealError) return { check: fail(id, title, `${error.message}.`), timestamp: null };
    throw error;
  }
}
