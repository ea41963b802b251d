import { currentEngagement } from '../../engagement/current.ts';
import { declare } from '../../engagement/declarations.ts';
import type { Engagement } from '../../engagement/engagement.ts';
import { defaultParameters } from '../../engagement/parameters.ts';
import { Refusal } from '../service/refusal.ts';
import type { Bench, Works } from './work.ts';

export const engagementWorks: Works<
  | 'engagement.create'
  | 'engagement.open'
  | 'engagement.close'
  | 'engagement.get'
  | 'engagement.update'
  | 'engagement.defaultParameters'
> = {
  'engagement.create'(bench, { file, engagement, operator }) {
    refuseWhileBusy(bench, 'create an engagement');
    if (engagement.sample) {
      throw new Refusal(
        'input',
        'BAD_INPUT',
        'cannot create a sample engagement by hand: open the sample environment instead.',
      );
    }
    return bench.session.create(file, engagement, operator);
  },
  'engagement.open'(bench, { file }) {
    if (bench.session.file !== file) refuseWhileBusy(bench, 'open another engagement');
    return bench.session.open(file);
  },
  async 'engagement.close'(bench) {
    refuseWhileBusy(bench, 'close the engagement');
    bench.blobs.clear();
    bench.packs.length = 0;
    bench.preview = null;
    await bench.session.close();
    return {};
  },
  'engagement.get': ({ session }) => ({ open: session.file === null ? null : session.describe() }),
  async 'engagement.update'({ session }, { change, operator }) {
    const { db, writer } = session.work;
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const value: Engagement = { ...currentEngagement(db), ...given };
    await declare(writer, operator, 'engagement', '', value);
    session.changed();
    return session.describe();
  },
  'engagement.defaultParameters': () => defaultParameters,
};

function refuseWhileBusy({ jobs }: Bench, what: string): void {
  const job = jobs.exclusive();
  if (job) {
    throw new Refusal(
      'refused',
      'BUSY',
      `cannot ${what}: "${job.title}" is running. Wait until it has ended, or cancel it.`,
    );
  }
}
