import { writeFile } from 'node:fs/promises';
import { chosenSnapshot } from '../snapshot-choice.ts';
import { refreshRecords } from '../refresh-records.ts';
import type { Work } from '../with-engagement.ts';
import { EngineError } from '../error.ts';
import { fileAt } from '../../review/attachments.ts';
import { approveInventory, importInventory, previewInventory, recordKeys } from '../../review/inventory.ts';
import { attachProcedure } from '../../review/procedure.ts';
import { procedureTemplate, templateDocx, templateMarkdown } from '../../review/procedure-template.ts';
import { acknowledge, decide, openReview, type ItemFilter } from '../../review/review.ts';
import { exportReview, importSignedReview, signReview } from '../../review/sign-review.ts';
import { sealersOf } from '../service/sealers.ts';
import type { Bench, Works } from './work.ts';

/** Makes a record, derives again what depends on it, and tells the window. */
async function recording<T>(bench: Bench, make: (work: Work) => Promise<T>): Promise<T> {
  const { work } = bench.session;
  const result = await make(work);
  refreshRecords(work.db);
  bench.session.changed();
  return result;
}

const snapshotIn = ({ db }: Work, name: string | undefined): string => chosenSnapshot(db, name).id;

export const recordWorks: Works<
  | 'inventory.record'
  | 'inventory.import'
  | 'inventory.approve'
  | 'procedure.attach'
  | 'procedure.template'
  | 'review.open'
  | 'review.decide'
  | 'review.acknowledge'
  | 'review.sign'
  | 'review.export'
  | 'review.importSigned'
> = {
  async 'inventory.record'(bench, { snapshot, keys, record, reason, operator }) {
    await recording(bench, (work) =>
      recordKeys(work, operator, snapshotIn(work, snapshot), { keys, record, reason }),
    );
    return {};
  },
  'inventory.import'(bench, { snapshot, path, apply, operator }) {
    const file = fileAt(path);
    if (!apply) {
      const { work } = bench.session;
      return previewInventory(work.db, snapshotIn(work, snapshot), file);
    }
    return recording(bench, (work) => importInventory(work, operator, snapshotIn(work, snapshot), file));
  },
  async 'inventory.approve'(bench, { snapshot, approver, approvedAt, operator }) {
    const { version } = await recording(bench, (work) =>
      approveInventory(work, operator, snapshotIn(work, snapshot), { approver, approvedAt }),
    );
    return { version };
  },
  async 'procedure.attach'(bench, { path, operator, ...facts }) {
    await recording(bench, (work) => attachProcedure(work, operator, fileAt(path), facts));
    return {};
  },
  async 'procedure.template'({ session }, { snapshot, path }) {
    const template = procedureTemplate(session.db, chosenSnapshot(session.db, snapshot).id);
    await writeFile(path, path.endsWith('.md') ? templateMarkdown(template) : await templateDocx(template));
    return { path };
  },
  async 'review.open'(bench, { snapshot, reviewer, lastYear, operator }) {
    const id = await recording(bench, (work) =>
      openReview(work, operator, snapshotIn(work, snapshot), {
        reviewer,
        ...(lastYear
          ? {
              lastYear: {
                file: lastYear.path === null ? null : fileAt(lastYear.path),
                signedAt: lastYear.signedAt,
              },
            }
          : {}),
      }),
    );
    return { review: id };
  },
  async 'review.decide'(bench, { review, filter, decision, comment, reason, operator }) {
    const { work } = bench.session;
    const decided = await decide(work, operator, review, given(filter), { decision, comment, reason });
    bench.session.changed();
    return { decided };
  },
  async 'review.acknowledge'(bench, { review, filter, operator, ...plan }) {
    const { work } = bench.session;
    const { remediation, owner, due, comment, reason } = plan;
    const about = { remediation, owner, due, comment, reason };
    const decided = await acknowledge(work, operator, review, given(filter), about);
    bench.session.changed();
    return { decided };
  },
  async 'review.sign'(bench, { review, operator, ...choice }) {
    const { signer, timestamp } = await sealersOf(choice, () => bench.sample());
    if (!signer) {
      throw new EngineError(
        'NO_SIGNER',
        'cannot sign the review: no signer was chosen. Choose a PKCS#12 file (.p12, .pfx).',
      );
    }
    return bench.jobs.start(
      { kind: 'sign-review', title: `Sign review ${review}`, exclusive: true, canCancel: false },
      async ({ step }) => {
        step('Making and signing the record of every decision');
        const { signed } = await recording(bench, (work) =>
          signReview(work, operator, review, { signer, timestamp, now: new Date() }),
        );
        const { attachment, provenAt, timePending } = signed;
        return { result: { attachment, provenAt, timePending } };
      },
    );
  },
  async 'review.export'({ session }, { review, path }) {
    const { pdf } = await exportReview(session.work, review, new Date());
    await writeFile(path, pdf);
    return { path };
  },
  async 'review.importSigned'(bench, { review, path, operator }) {
    await recording(bench, (work) => importSignedReview(work, operator, review, fileAt(path)));
    return {};
  },
};

/** Members that are there. */
function given(filter: { [K in keyof ItemFilter]?: ItemFilter[K] | undefined }): ItemFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
