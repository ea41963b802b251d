import type { CheckpointFacts } from './entry.ts';

/** What a checkpoint states about the ledger. */
export type CheckpointClaim = Pick<CheckpointFacts, 'upTo' | 'head' | 'merkleRoot'>;

/**
 * The text that is signed and timestamped: readable by a person, checkable with openssl.
 *
 *     keywitness ledger checkpoint 1
 *     entries 1..812
 *     head sha256 4f…
 *     merkle root sha256 9a…
 *
 * Lines end with a single line feed.
 */
export function checkpointStatement(claim: CheckpointClaim): string {
  return [
    'keywitness ledger checkpoint 1',
    `entries 1..${claim.upTo}`,
    `head sha256 ${claim.head}`,
    `merkle root sha256 ${claim.merkleRoot}`,
    '',
  ].join('\n');
}
