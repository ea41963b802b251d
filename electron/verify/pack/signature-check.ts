import { verifyCades, type CadesCheck, type VerifyOptions } from '../../seal/cades.ts';
import { SealError } from '../../seal/error.ts';
import { cannotTell, fail, pass, type Check } from '../verification.ts';

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
    if (cades.doubts.length > 0)
      return {
        check: cannotTell(id, title, `The signature verifies, but ${cades.doubts.join('; ')}.`),
        cades,
      };
    const trust =
      cades.trust === 'trusted' && cades.chainProblems.length === 0
        ? 'its certificate leads to one you trust'
        : cades.trust === 'trusted'
          ? `its certificate leads to one you trust, but ${cades.chainProblems.join('; ')}`
          : 'its certificate is self-asserted: compare the fingerprint with one you got from the signer';
    const detail = `Signed by ${cades.signer!.subject} (SHA-256 ${cades.signer!.fingerprint}); ${trust}.`;
    return { check: pass(id, title, detail), cades };
  } catch (error) {
    if (error instanceof SealError) return { check: fail(id, title, `${error.message}.`), cades: null };
    throw error;
  }
}
