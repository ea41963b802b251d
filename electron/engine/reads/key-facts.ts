import type { AnswerRow, KeyRow } from '../../../db/derived/keys.ts';
import type { KeyDetail } from '../../api/keys.ts';

const yesNo = (flag: number | null): string | null => (flag === null ? null : flag === 1 ? 'yes' : 'no');

/** The parsed values of a key in the order of the page, each with the ledger entry that says so. */
export function factsOf(key: KeyRow, answers: readonly AnswerRow[]): KeyDetail['facts'] {
  const seqOf = (op: string) => answers.find((answer) => answer.op === op)?.seq ?? null;
  const fact = (name: string, value: string | number | null, seq = key.seq) => ({
    name,
    value: value === null ? null : String(value),
    basis: key.basis,
    seq: value === null && seq === key.seq ? null : seq,
  });
  const rotation = key.rotation_seq ?? seqOf('GetKeyRotationStatus');
  return [
    fact('Key id', key.native_id),
    fact('Full id', key.id),
    fact('Provider', key.provider),
    fact('Account', key.account),
    fact('Region', key.region),
    fact('Description', key.description),
    fact('State', key.state),
    fact('Algorithm', key.algorithm),
    fact('Use', key.usage),
    fact('Origin', key.origin),
    fact('Key material held by', key.material_holder),
    fact('Managed by', key.manager),
    fact('Multi-Region', key.multi_region),
    fact('Primary key', key.primary_id),
    fact('Custom key store', key.custom_store),
    fact('Created', key.created),
    fact('Deletion date', key.deletion_date),
    fact('Material valid to', key.valid_to),
    fact('Automatic rotation', yesNo(key.rotation_enabled), rotation),
    fact('Rotation possible', key.rotation_support),
    fact('Why', key.rotation_support_why),
    fact('Rotation period (days)', key.rotation_period_days, rotation),
    fact('Last rotation', key.last_rotation, rotation),
    fact('Next rotation', key.next_rotation, rotation),
    fact('Last used', key.last_used, seqOf('GetKeyLastUsage')),
    fact('Last operation', key.last_used_operation, seqOf('GetKeyLastUsage')),
    fact('Use tracked from', key.usage_tracked_from, seqOf('GetKeyLastUsage')),
  ];
}
