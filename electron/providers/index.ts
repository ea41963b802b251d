import type { Operation } from '../collect/operation.ts';
import type { Source } from '../engagement/engagement.ts';
import { awsProvider } from './aws/provider.ts';
import type { AskedSource, Provider, ProviderId } from './provider.ts';

/** Every provider that can be asked. Adding one is its folder and one line here. */
const PROVIDERS: { readonly [P in ProviderId]: Provider<P> } = {
  aws: awsProvider,
};

/** All providers, in the order of the report. */
export function providers(): Provider[] {
  return Object.values(PROVIDERS) as unknown as Provider[];
}

/** The provider that a source asks. */
export function providerOf(source: AskedSource): Provider {
  // A source names its own provider, so the pair always fits; TypeScript cannot follow the pairing.
  return PROVIDERS[source.provider] as unknown as Provider;
}

/** The provider of an operation id; undefined for none that is known. */
export function providerOfOperation(op: string): Provider | undefined {
  const [id = ''] = op.split('.');
  return providers().find((provider) => provider.id === id);
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
