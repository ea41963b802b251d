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

/** 32 fresh random bytes: one salt for one sealed value. */
export function newSalt(): Buffer {
  return randomBytes(32);
}

/**
 * The commitment that stands in a ledger line for a sensitive value: SHA-256(salt ‖ UTF-8 value), hex.
 *
 * The salt is always 32 bytes, so the boundary between salt and value is fixed. With the salt, anyone can check a
 * disclosed value; without it, even a guessed value cannot be confirmed.
 */
export function commitment(salt: Uint8Array, value: string): string {
  return sha256Hex(Buffer.concat([salt, Buffer.from(value, 'utf8')]));
}
