import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import type { JobHandle } from '../service/jobs.ts';
import type { Bench, Works } from './work.ts';

export const appWorks: Works<
  'app.recent' | 'app.forget' | 'app.settings' | 'app.saveSettings' | 'app.openSample'
> = {
  'app.recent': ({ recent }) => ({ engagements: recent.list() }),
  'app.forget'({ recent }, { file }) {
    recent.forget(file);
    return {};
  },
  'app.settings': ({ settings }) => settings.value,
  'app.saveSettings'(bench, change) {
    const value = bench.settings.change(change);
    bench.tell({ event: 'settings' });
    return value;
  },
  'app.openSample': (bench, { folder }) =>
    bench.jobs.start(
      { kind: 'sample', title: 'Start the sample environment', exclusive: true, canCancel: false },
      (job) => openSample(bench, job, folder ?? join(bench.home, 'samples')),
    ),
};

async function openSample(bench: Bench, job: JobHandle, folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  job.step('Starting servers that speak the real protocols, on this computer only');
  const sample = await bench.sample();
  const file = join(folder, `sample-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.keywitness`);
  job.step('Making the sample engagement');
  const made = createEngagementFile(file);
  try {
    await sample.declare(new LedgerWriter(made.db));
  } finally {
    made.close();
  }
  // Lets whoever verifies a sample pack later name the authority that gave it its time.
  writeFileSync(join(folder, 'sample-authority.pem'), sample.tsa.caPem);
  await bench.session.open(file);
  return { result: { file, trust: join(folder, 'sample-authority.pem') } };
}
