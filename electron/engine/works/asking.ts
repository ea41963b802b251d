import type { CollectOptions } from '../../collect/collect-snapshot.ts';
import { currentEngagement } from '../../engagement/current.ts';
import { defaultNetwork } from '../../recorder/agents.ts';
import type { Bench } from './work.ts';

/**
 * How sources of the open engagement are asked: through the network as the settings say. A sample's servers are started
 * first, and its sources declared where those run now.
 */
export async function askingOptions(
  bench: Bench,
): Promise<Pick<CollectOptions, 'network' | 'credentialsFor' | 'quotas'>> {
  const network = { ...defaultNetwork, extraCaFile: bench.settings.value.extraCa };
  const { db, writer } = bench.session.work;
  if (!currentEngagement(db).sample) return { network };
  const sample = await bench.sample();
  await sample.declareSources(writer);
  return { network, quotas: sample.quotas, credentialsFor: (source) => sample.credentialsFor(source) };
}
