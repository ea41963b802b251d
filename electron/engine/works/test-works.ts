import { analyse } from '../analyse.ts';
import type { Works } from './work.ts';

export const testWorks: Works<'tests.run'> = {
  'tests.run': (bench) => {
    const { db } = bench.session.work;
    return bench.jobs.start(
      { kind: 'analyse', title: 'Run the tests', exclusive: true, canCancel: false },
      async ({ step }) => {
        step('Deriving every table from the ledger and running the tests');
        const answers = analyse(db);
        bench.session.changed();
        return { result: { answers } };
      },
    );
  },
};
