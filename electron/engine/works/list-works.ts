import { refreshRecords } from '../refresh-records.ts';
import { chosenSnapshot } from '../snapshot-choice.ts';
import type { Work } from '../with-engagement.ts';
import { EngineError } from '../error.ts';
import { importApproved, importMembers, recordApproved, removeApproved } from '../../review/approved.ts';
import { fileAt } from '../../review/attachments.ts';
import { recordKeySet, removeKeySet } from '../../review/inventory.ts';
import { importPeople, importSystems } from '../../review/lists.ts';
import { attachPolicy, type ParameterClause } from '../../review/policy.ts';
import { recordRotation, recordSchedule } from '../../review/rotation.ts';
import { drawSample } from '../../review/sample.ts';
import { importClientReview, recordRemedy, signAddendum } from '../../review/sign-review.ts';
import { setTagMapping } from '../../review/tag-mapping.ts';
import { sealersOf } from '../service/sealers.ts';
import type { Bench, Works } from './work.ts';

/** Makes a record, derives again what depends on it, and tells the window. */
async function recording<T>(
  bench: Bench,
  make: (work: Work, snapshot: (name?: string) => string) => Promise<T>,
): Promise<T> {
  const { work } = bench.session;
  const result = await make(work, (name) => chosenSnapshot(work.db, name).id);
  refreshRecords(work.db);
  bench.session.changed();
  return result;
}

const fileOrNull = (path: string | null) => (path === null ? null : fileAt(path));

export const listWorks: Works<
  | 'people.import'
  | 'systems.import'
  | 'keySets.define'
  | 'keySets.remove'
  | 'policyDocument.attach'
  | 'inventory.map'
  | 'approved.import'
  | 'approved.record'
  | 'approved.remove'
  | 'members.import'
  | 'rotation.schedule'
  | 'rotation.record'
  | 'review.client'
  | 'review.close'
  | 'review.addendum'
  | 'sample.draw'
> = {
  'people.import': (bench, { path, asOf, operator }) =>
    recording(bench, (work) => importPeople(work, operator, fileAt(path), asOf)),
  'systems.import': (bench, { path, asOf, operator }) =>
    recording(bench, (work) => importSystems(work, operator, fileAt(path), asOf)),
  async 'keySets.define'(bench, { id, operator, ...value }) {
    await recording(bench, (work) => recordKeySet(work, operator, id, value));
    return {};
  },
  async 'keySets.remove'(bench, { id, reason, operator }) {
    await recording(bench, (work) => removeKeySet(work, operator, id, reason));
    return {};
  },
  async 'policyDocument.attach'(bench, { path, clauses, operator, ...facts }) {
    const value = await recording(bench, (work) =>
      attachPolicy(work, operator, fileAt(path), facts, clauses as ParameterClause[]),
    );
    return { sha256: value.attachment };
  },
  'approved.import': (bench, { snapshot, path, operator }) =>
    recording(bench, (work, of) => importApproved(work, operator, of(snapshot), fileAt(path))),
  'inventory.map': (bench, { operator, ...change }) =>
    recording(bench, (work) => setTagMapping(work, operator, change)),
  'approved.record': (bench, { snapshot, subject, operator, ...list }) =>
    recording(bench, (work, of) => recordApproved(work, operator, of(snapshot), subject, list)),
  async 'approved.remove'(bench, { subject, reason, operator }) {
    await recording(bench, (work) => removeApproved(work, operator, subject, reason));
    return {};
  },
  'members.import': (bench, { path, operator, provider, asOf }) =>
    recording(bench, (work) => importMembers(work, operator, fileAt(path), { provider, asOf })),
  async 'rotation.schedule'(bench, { snapshot, subject, schedule, operator }) {
    await recording(bench, (work, of) => recordSchedule(work, operator, of(snapshot), subject, schedule));
    return {};
  },
  async 'rotation.record'(bench, { snapshot, key, on, performer, reason, evidence, operator }) {
    const rotation = {
      key,
      rotatedAt: `${on}T00:00:00.000Z`,
      performer,
      reason,
      evidence: fileOrNull(evidence),
    };
    await recording(bench, (work, of) => recordRotation(work, operator, of(snapshot), rotation));
    return {};
  },
  async 'review.client'(bench, { path, operator, ...facts }) {
    const value = await recording(bench, (work) => importClientReview(work, operator, fileAt(path), facts));
    return { signatures: value.signatures.length, problems: value.problems };
  },
  async 'review.close'(bench, { review, evidence, operator, ...remedy }) {
    await recording(bench, (work) =>
      recordRemedy(work, operator, review, { ...remedy, evidence: fileOrNull(evidence) }),
    );
    return {};
  },
  async 'review.addendum'(bench, { review, operator, ...choice }) {
    const { signer, timestamp } = await sealersOf(choice, () => bench.sample());
    if (!signer) {
      throw new EngineError(
        'NO_SIGNER',
        'cannot sign the addendum: no signer was chosen. Choose a PKCS#12 file (.p12, .pfx).',
      );
    }
    return bench.jobs.start(
      {
        kind: 'sign-review',
        title: `Sign an addendum to review ${review}`,
        exclusive: true,
        canCancel: false,
      },
      async ({ step }) => {
        step('Making and signing the addendum');
        const file = await recording(bench, (work) =>
          signAddendum(work, operator, review, { signer, timestamp, now: new Date() }),
        );
        return { result: { attachment: file.sha256 } };
      },
    );
  },
  async 'sample.draw'(bench, { snapshot, operator, of, n, seed }) {
    const { items, population } = await recording(bench, (work, name) =>
      drawSample(work, operator, { of, n, seed, snapshot: name(snapshot) }),
    );
    return { items, population };
  },
};
