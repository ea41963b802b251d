import { awsDerivation } from './aws-derivation.ts';
import { azureDerivation } from './azure-derivation.ts';
import type { Derivation } from './derivation.ts';
import { vaultDerivation } from './vault-derivation.ts';

/** What the answers of each provider mean, in the order of the report. Adding a provider is one line here. */
export const DERIVATIONS: readonly Derivation[] = [
  awsDerivation as Derivation,
  azureDerivation as Derivation,
  vaultDerivation as Derivation,
];

/** The provider that a key id belongs to, and the place it names; null for an id of nobody we know. */
export function placeOfKey(id: string) {
  for (const derivation of DERIVATIONS) {
    const place = derivation.placeOfKey(id);
    if (place) return { provider: derivation.provider, ...place };
  }
  return null;
}

/** The derivation that reads an operation's answers; undefined for operations of nobody we know. */
export function derivationOf(op: string): Derivation | undefined {
  const [provider = ''] = op.split('.');
  return DERIVATIONS.find((derivation) => derivation.provider === provider);
}
