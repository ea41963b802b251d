import type { SealOutcome } from '../seal/outcome.ts';
import type { Output } from './output.ts';

/** Level of a seal, what the next one lacks, and who was asked. */
export function printSeal(output: Output, seal: SealOutcome): void {
  output.line(`Seal    ${seal.level}${seal.hosts.length > 0 ? `; asked ${seal.hosts.join(', ')}` : ''}`);
  if (seal.pending === null) for (const reason of seal.lacking) output.line(`        not higher: ${reason}`);
}
