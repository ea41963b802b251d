import type { Operation } from '../collect/operation.ts';
import type { Source } from '../engagement/engagement.ts';
import { awsProvider } from './aws/provider.ts';
import { azureProvider } from './azure/provider.ts';
import { vaultProvider } from './vault/provider.ts';
import type { AskedSource, Provider, ProviderId } from './provider.ts';

/** Every provider that can be asked. Adding one is its folder and one line here. */
const PROVIDERS: { readonly [P in ProviderId]: Provider<P> } = {
  aws: awsProvider,
  azure: azureProvider,
  vault: vaultProvider,
};

/** Any provider: a source names its own, so that the pair always fits, which TypeScript cannot follow. */
const BY_ID = PROVIDERS as Readonly<Record<string, Provider>>;

/** All providers, in the order of the report. */
export function providers(): Provider[] {
  return Object.values(BY_ID);
}

/** The provider that a source asks. */
export function providerOf(source: AskedSource): Provider {
  return BY_ID[source.provider]!;
}

/** The provider of an operation id; undefined for none that is known. */
export function providerOfOperation(op: string): Provider | undefined {
  return BY_ID[op.split('.')[0]!];
}

const operations = new Map<string, Operation>();

/** The operation of this id, or undefined. */
export function operationById(op: string): Operation | undefined {
  if (operations.size === 0) {
    for (const provider of providers()) for (const each of provider.operations) operations.set(each.id, each);
  }
  return operations.get(op);
}

/** Whether a source can be asked, as opposed to files. */
export function canBeAsked(source: Source): source is AskedSource {
  return source.provider !== 'files';
}
