import type { GivenCredentials } from '../../collect/run-options.ts';
import type { CollectOptions } from '../../collect/collect-snapshot.ts';
import { currentEngagement } from '../../engagement/current.ts';
import type { Engagement } from '../../engagement/engagement.ts';
import { SAMPLE_COMPANY } from '../../sandbox/company/name.ts';
import { defaultNetwork } from '../../recorder/agents.ts';
import type { Bench } from './work.ts';

/**
 * How sources of the open engagement are asked: through the network as the settings say. A sample's servers are started
 * first, and its sources declared where those run now.
 */
export async function askingOptions(
  bench: Bench,
  secrets: Readonly<Record<string, string>>,
  step: (step: string) => void,
): Promise<Pick<CollectOptions, 'network' | 'credentialsFor' | 'quotas'>> {
  const network = { ...defaultNetwork, extraCaFile: bench.settings.value.extraCa };
  const { db, writer } = bench.session.work;
  if (!isOfSampleCompany(currentEngagement(db))) {
    return { network, credentialsFor: () => asked(secrets, step) };
  }
  const sample = await bench.sample();
  await sample.declareSources(writer);
  return { network, quotas: sample.quotas, credentialsFor: (source) => sample.credentialsFor(source) };
}

/** Whether it is the sample environment's own engagement; others marked as samples name servers of their operator's. */
const isOfSampleCompany = ({ sample, client }: Engagement): boolean => sample && client === SAMPLE_COMPANY;

/** What the operator gave for this call, and where what a sign-in shows goes. */
export function asked(
  secrets: Readonly<Record<string, string>>,
  step: (step: string) => void,
): GivenCredentials {
  const secret = (source: string): Promise<string | null> => Promise.resolve(secrets[source] ?? null);
  return {
    azure: { secret, onDeviceCode: step },
    vault: {
      secret,
      openPage: (url) => {
        step(`Sign in with your browser on this computer: ${url}`);
        return Promise.resolve();
      },
    },
  };
}
