import type { NamesIn } from '../../api/contract.ts';
import type { CallContext } from '../service/thread.ts';
import { appWorks } from './app-works.ts';
import { captureWorks } from './capture-works.ts';
import { collectWorks } from './collect-works.ts';
import { engagementWorks } from './engagement-works.ts';
import { exportWorks } from './export-works.ts';
import { fileWorks } from './file-works.ts';
import { jobWorks } from './job-works.ts';
import { listWorks } from './list-works.ts';
import { packWorks } from './pack-works.ts';
import { recordWorks } from './record-works.ts';
import { reperformWorks } from './reperform-works.ts';
import { sourceWorks } from './source-works.ts';
import { stampingWorks } from './stamping-works.ts';
import { testWorks } from './test-works.ts';
import { verifyWorks } from './verify-works.ts';
import type { Bench, Works } from './work.ts';

const all: Works<NamesIn<'engine'>> = {
  ...appWorks,
  ...engagementWorks,
  ...sourceWorks,
  ...jobWorks,
  ...collectWorks,
  ...captureWorks,
  ...exportWorks,
  ...testWorks,
  ...packWorks,
  ...stampingWorks,
  ...verifyWorks,
  ...fileWorks,
  ...recordWorks,
  ...listWorks,
  ...reperformWorks,
};

/** Every method of place `engine`; the input was parsed by the contract's schema. */
export const works = all as Record<string, (bench: Bench, input: never, context: CallContext) => unknown>;
