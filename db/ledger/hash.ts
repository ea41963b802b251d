import { hash, randomBytes } from 'node:crypto';

/** `prev` of the first ledger line. */
export const GENESIS = '0'.repeat(64);

/** SHA-256 as lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** SHA-256 as 32 bytes. */
export function sha256(data: string | Uint8Array): Buffer {
  return hash('sha256', data, 'buffer');
}

/** Length of every salt. Fixed, so that nothing can be moved over the boundary between salt and value. */
export const SALT_BYTES = 32;

/** 32 fresh random bytes: one salt for one sealed value. */
export function newSalt(): Buffer {
  return randomBytes(SALT_BYTES);
}

/**
 * The commitment that stands in a ledger line for a sensitive value: SHA-256(salt ‖ UTF-8 value), hex.
 *
 * With the salt, anyone can check a disclosed value; without it, even a guessed value cannot be confirmed.
 *
 * @throws RangeError when the salt is not 32 bytes: with another length, another value would fit the same commitment.
 */
export function commitment(salt: Uint8Array, value: string | Uint8Array): string {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${SALT_BYTES} bytes, not ${salt.length}`);
  return sha256Hex(Buffer.concat([salt, typeof value === 'string' ? Buffer.from(value, 'utf8') : value]));
}
