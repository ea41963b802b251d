import type { ReadableDb } from '../../../../db/handle.ts';
import { entries } from '../../../../db/ledger/read.ts';
import { actionOf, type Answer } from '../../../derive/answer.ts';
import { membersOf } from '../../../engagement/view.ts';
import { parseArn } from './arn.ts';
import { asObject, objects, text, type Json, type JsonObject } from './wire.ts';

/** A key's id as AWS writes it: a UUID, or `mrk-` and 32 hex digits for a multi-Region key. */
const KEY_ID = /mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/**
 * Imported files that hold the answers of AWS calls (saved AWS CLI output), as answers of their operation. Account and
 * Region are read from the ARNs inside; answers that name no key (GetKeyPolicy, ListResourceTags) are matched by the
 * key id in the file's name or path, which must then be there.
 */
export function importedAnswers(
  db: ReadableDb,
  snapshot: string,
  parsed: (seq: number) => JsonObject,
): Answer[] {
  const answers: Answer[] = [];
  for (const entry of entries(db, 'import', { snapshot: membersOf(db, snapshot) })) {
    const { format, outcome, source, name, modified } = entry.facts;
    if (!format.startsWith('aws.') || outcome !== 'ok') continue;
    const read = (): JsonObject => {
      try {
        return parsed(entry.seq);
      } catch {
        // What is no JSON names nothing: the import's own outcome says so.
        return {};
      }
    };
    const named = entry.values.params ? asObject(JSON.parse(entry.values.params) as Json) : null;
    answers.push({
      seq: entry.seq,
      basis: 'client-provided',
      source,
      op: format,
      action: actionOf(format),
      scope: scopeInside(read()),
      label: '',
      at: modified ?? entry.at,
      status: 'ok',
      code: null,
      params: () => named ?? paramsFrom(name, entry.values.path ?? '', read()),
      body: read,
    });
  }
  return answers;
}

/** Account and Region of the first ARN that names both; IAM's ARNs name an account only. */
function scopeInside(body: JsonObject): string {
  const arns = [
    text(asObject(body.KeyMetadata).Arn),
    text(body.KeyId),
    text(body.TrailARN),
    text(objects(body.Keys)[0]?.KeyArn),
    text(objects(body.Aliases)[0]?.AliasArn),
    text(objects(body.Grants)[0]?.KeyId),
    text(objects(body.Rotations)[0]?.KeyId),
    text(objects(body.trailList)[0]?.TrailARN),
    text(objects(body.UserDetailList)[0]?.Arn),
    text(objects(body.RoleDetailList)[0]?.Arn),
  ];
  for (const arn of arns) {
    const parts = arn === null ? null : parseArn(arn);
    if (parts?.account) return `${parts.account}/${parts.region || 'global'}`;
  }
  return '';
}

function paramsFrom(name: string, path: string, body: JsonObject): JsonObject {
  const inside = text(body.KeyId) ?? text(objects(body.Grants ?? body.Rotations)[0]?.KeyId);
  const keyId = inside ?? KEY_ID.exec(name)?.[0] ?? KEY_ID.exec(path)?.[0];
  const trail = text(body.TrailARN) ?? undefined;
  return {
    ...(keyId === undefined ? {} : { KeyId: keyId }),
    ...(trail ? { TrailName: trail, Name: trail } : {}),
  };
}
