import { awsDerivation } from './aws-derivation.ts';
import type { Derivation } from './derivation.ts';

/** What the answers of each provider mean, in the order of the report. Adding a provider is one line here. */
export const DERIVATIONS: readonly Derivation[] = [awsDerivation as Derivation];

/** The derivation that reads an operation's answers; undefined for operations of nobody we know. */
export function derivationOf(op: string): Derivation | undefined {
  const [provider = ''] = op.split('.');
  return DERIVATIONS.find((derivation) => derivation.provider === provider);
}
