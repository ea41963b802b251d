import type { ReperformResultOfJob } from '../../api/reperform.ts';
import { currentEngagement, currentSources } from '../../engagement/current.ts';
import type { Source } from '../../engagement/engagement.ts';
import { defaultNetwork } from '../../recorder/agents.ts';
import { withOwnSignIn } from '../../review/reperform/own-sign-in.ts';
import { reperformPack } from '../reperform-pack.ts';
import { certificatesIn, sealersOf } from '../service/sealers.ts';
import { asked } from './asking.ts';
import type { Bench, Works } from './work.ts';

/** Results in the answer; all of them are in the table. */
const MOST_NOTABLE = 500;

export const reperformWorks: Works<'reperform.start'> = {
  async 'reperform.start'(bench, input) {
    const { pack, out, operator, sample: drawn, signIn, secrets } = input;
    const { signer, timestamp } = await sealersOf(input, () => bench.sample());
    const trusted = certificatesIn([...input.trust, ...bench.settings.value.trust]);
    return bench.jobs.start({ kind: 'reperform', title: `Re-perform ${pack}` }, async ({ signal, step }) => {
      step('Verifying the pack');
      const sample = await sampleSources(bench);
      const found = await reperformPack({
        ...{ pack, out, operator, sample: drawn, signer, timestamp, signal },
        trusted: [...trusted, ...(sample?.trusted ?? [])],
        network: { ...defaultNetwork, extraCaFile: bench.settings.value.extraCa },
        ...(sample ? { quotas: sample.quotas } : {}),
        ownCredentials: (source) => sample?.now(source) ?? withOwnSignIn(source, signIn[source.id]),
        credentialsFor: (source) => sample?.credentialsFor(source) ?? asked(secrets, step),
        onProgress: (done, of) => step('Asking again', done, of),
      });
      const of = (result: string) => found.results.filter((r) => r.result === result).length;
      const result: ReperformResultOfJob = {
        ...{ packId: found.packId, verdict: found.verdict, population: found.population },
        ...{ method: found.method, asked: found.results.length, stopped: found.stopped, files: found.files },
        ...{ same: of('same'), changed: of('changed'), notAnswerable: of('not answerable') },
        notable: found.results.filter((r) => r.result !== 'same').slice(0, MOST_NOTABLE),
      };
      return result.notAnswerable > 0 ? { result, state: 'done-with-gaps' } : { result };
    });
  },
};

/** While the sample engagement is open its servers answer, each time at other addresses. */
async function sampleSources(bench: Bench) {
  if (bench.session.file === null || !currentEngagement(bench.session.db).sample) return null;
  const sample = await bench.sample();
  await sample.declareSources(bench.session.work.writer);
  const running = new Map(currentSources(bench.session.db).map((source) => [source.id, source]));
  const isSample = (source: Source): boolean =>
    source.provider === 'vault'
      ? source.sample
      : 'sampleEndpoint' in source && source.sampleEndpoint !== null;
  return {
    quotas: sample.quotas,
    trusted: [sample.tsa.caDer],
    now: (source: Source) => (isSample(source) ? running.get(source.id) : undefined),
    credentialsFor: (source: Source) => (isSample(source) ? sample.credentialsFor(source) : null),
  };
}
