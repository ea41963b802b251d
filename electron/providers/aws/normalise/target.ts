import type { Cell } from '../../../../db/derived/write.ts';
import type { WritableDb } from '../../../../db/handle.ts';
import type { Answer, AnswerStatus } from '../../../derive/answer.ts';
import { keyRows, type KeyRows } from '../../../derive/key-rows.ts';
import { errorMessage } from './error-message.ts';
import { keyArn, parseArn, placeOf } from './arn.ts';

/** Where a normaliser puts the rows of one snapshot. */
export interface Target {
  db: WritableDb;
  snapshot: string;
  /** Key policy texts by ledger entry, for whoever evaluates them next: reading them again costs more. */
  policies: Map<number, string>;
  /** Makes sure there is a row for the key, with what its ARN says. */
  ensureKey(arn: string, answer: Answer): void;
  /** Sets columns of a key's row. */
  setKey(arn: string, values: Record<string, Cell>): void;
  /** Records what became of one operation on a key. An answer never gives way to a refusal. */
  answer(key: string, answer: Answer, status?: AnswerStatus, code?: string | null): void;
  /** ARN of the key that a request names by id, ARN or alias; null when it cannot be told. */
  resolveKey(answer: Answer, keyId: string): string | null;
  /** Remembers a key's id, so that later answers can name it shortly. */
  learnKey(arn: string): void;
  into: KeyRows['into'];
}

export function newTarget(db: WritableDb, snapshot: string): Target {
  const byPlace = new Map<string, string>();
  const byId = new Map<string, string | null>();
  const rows = keyRows(db, snapshot);
  return {
    db,
    snapshot,
    policies: new Map(),
    ensureKey(arn, answer) {
      const { account, region, resource } = parseArn(arn)!;
      const asked = placeOf(answer.scope).account;
      const belongs = asked === '' || asked === account ? 'inventory' : 'elsewhere';
      const native_id = resource.replace(/^key\//, '');
      rows.ensureKey({ id: arn, provider: 'aws', account, region, native_id, belongs }, answer);
    },
    setKey: rows.setKey,
    answer(key, answer, status, code) {
      rows.answer(key, answer, answer.status === 'ok' ? null : errorMessage(answer), status, code);
    },
    resolveKey(answer, keyId) {
      if (keyId.startsWith('arn:')) return parseArn(keyId)?.resource.startsWith('key/') ? keyId : null;
      if (keyId === '' || keyId.startsWith('alias/')) return null;
      const known = byPlace.get(`${answer.scope}/${keyId}`) ?? byId.get(keyId);
      if (known) return known;
      const { account, region } = placeOf(answer.scope);
      return account && region ? keyArn(account, region, keyId) : null;
    },
    learnKey(arn) {
      const parts = parseArn(arn);
      if (!parts) return;
      const id = parts.resource.replace(/^key\//, '');
      byPlace.set(`${parts.account}/${parts.region}/${id}`, arn);
      // A multi-Region key has one id in several Regions: then the id alone does not tell.
      byId.set(id, byId.has(id) && byId.get(id) !== arn ? null : arn);
    },
    into: rows.into,
  };
}
