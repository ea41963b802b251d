import { connectionTest } from '../../api/sources.ts';
import { testSource } from '../../collect/test-source.ts';
import { currentEngagement, currentSources } from '../../engagement/current.ts';
import { declare } from '../../engagement/declarations.ts';
import { canBeAsked } from '../../providers/index.ts';
import { Refusal } from '../service/refusal.ts';
import { askingOptions } from './asking.ts';
import { policyDocuments } from './policy-documents.ts';
import type { Bench, Works } from './work.ts';

export const sourceWorks: Works<
  'sources.list' | 'sources.add' | 'sources.remove' | 'sources.test' | 'sources.policy'
> = {
  'sources.list': ({ session }) => ({ sources: currentSources(session.db) }),
  async 'sources.add'({ session }, { source, operator }) {
    const { db, writer } = session.work;
    await declare(writer, operator, 'source', source.id, source);
    session.changed();
    return { sources: currentSources(db) };
  },
  async 'sources.remove'(bench, { id, reason, operator }) {
    const { db, writer } = bench.session.work;
    sourceOf(bench, id);
    await declare(writer, operator, 'source.removed', id, { reason });
    bench.session.changed();
    return { sources: currentSources(db) };
  },
  'sources.test'(bench, { id, operator, secrets }) {
    const { db, writer } = bench.session.work;
    const { title } = sourceOf(bench, id);
    return bench.jobs.start(
      { kind: 'connection-test', title: `Test the connection to ${title}`, exclusive: true },
      async ({ signal, step }) => {
        step('Asking who we are, then trying each permission with the cheapest call');
        const options = await askingOptions(bench, secrets, step);
        // Read again: a sample's sources move when its servers are started.
        const source = sourceOf(bench, id);
        if (!canBeAsked(source)) throw notAsked(id);
        const engagement = currentEngagement(db);
        const result = await testSource({ writer, engagement, operator, source, signal, ...options });
        return { result: connectionTest.parse(result) };
      },
    );
  },
  'sources.policy'(bench, { provider, source }) {
    return {
      documents: policyDocuments(
        bench.session.db,
        provider,
        source === undefined ? null : sourceOf(bench, source),
      ),
    };
  },
};

function sourceOf({ session }: Bench, id: string) {
  const found = currentSources(session.db).find((source) => source.id === id);
  if (found) return found;
  throw new Refusal('refused', 'NOT_FOUND', `cannot use source ${id}: the engagement has none of that id.`);
}

const notAsked = (id: string): Refusal =>
  new Refusal('refused', 'NOT_FOUND', `cannot test source ${id}: it holds files and is not asked anything.`);
