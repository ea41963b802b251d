import type { Answer } from '../../../derive/answer.ts';
import type { KeyRows } from '../../../derive/key-rows.ts';
import { regionOf, scopeOfAnswer } from './place.ts';
import { asObject, dataOf, moment, pathOf, text, whole } from './wire.ts';

/** ReadMetadata: KV version 2 secrets and the dates of their versions. The value was never read. */
export function readMetadata(answers: readonly Answer[], to: KeyRows): void {
  const insert = to.into('secret', [
    ...['source', 'account', 'region', 'path', 'created', 'updated', 'current_version', 'versions'],
    ...['detail', 'seq'],
  ]);
  for (const answer of answers) {
    const parts = /^(.+?)\/metadata\/(.+)$/.exec(pathOf(answer));
    if (!parts || answer.status !== 'ok') continue;
    const data = dataOf(answer);
    const { cluster, namespace } = scopeOfAnswer(answer.scope);
    const versions = Object.entries(asObject(data.versions))
      .map(([version, value]) => {
        const { created_time, deletion_time, destroyed } = asObject(value);
        return {
          version: Number(version),
          at: moment(created_time),
          deleted: text(deletion_time) !== null,
          destroyed: destroyed === true,
        };
      })
      .sort((a, b) => a.version - b.version);
    const { max_versions, cas_required, delete_version_after, custom_metadata } = data;
    insert({
      ...{ source: answer.source, account: cluster, region: regionOf(namespace, parts[1]!), path: parts[2]! },
      ...{ created: moment(data.created_time), updated: moment(data.updated_time) },
      ...{ current_version: whole(data.current_version), versions: JSON.stringify(versions) },
      detail: JSON.stringify({ max_versions, cas_required, delete_version_after, custom_metadata }),
      seq: answer.seq,
    });
  }
}
