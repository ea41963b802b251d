import type { Answer } from '../../../derive/answer.ts';
import { placeOf } from './arn.ts';
import type { Target } from './target.ts';
import { objects, text } from './wire.ts';

/**
 * Account ListRegions: which Regions there are and which are on. Whether a Region was collected is what the lists of
 * keys say; a Region without one must be explained.
 */
export function listRegions(answers: readonly Answer[], listKeys: readonly Answer[], to: Target): void {
  const insert = to.into('region', ['source', 'account', 'name', 'status', 'collected', 'reason', 'seq']);
  const asked = new Map<string, Answer[]>();
  for (const answer of listKeys.filter((a) => a.scope !== '')) {
    const key = [answer.source, answer.scope].join('\n');
    asked.set(key, [...(asked.get(key) ?? []), answer]);
  }
  const add = (source: string, account: string, name: string, status: string | null, seq: number | null) => {
    const lists = asked.get([source, `${account}/${name}`].join('\n')) ?? [];
    asked.delete([source, `${account}/${name}`].join('\n'));
    const collected = lists.some((a) => a.status === 'ok');
    const off = status === 'DISABLED' || status === 'DISABLING';
    const refusal = lists.find((a) => a.status !== 'ok');
    const reason = collected
      ? null
      : off
        ? 'the Region is not enabled in this account'
        : refusal
          ? `its keys could not be listed (${refusal.code ?? refusal.status})`
          : 'its keys were not asked for: the Region was not selected, or the collection ended first';
    insert({
      source,
      account,
      name,
      status,
      collected,
      reason,
      seq: seq ?? refusal?.seq ?? lists[0]?.seq ?? null,
    });
  };
  for (const answer of answers) {
    if (answer.status !== 'ok') continue;
    for (const region of objects(answer.body().Regions)) {
      const name = text(region.RegionName);
      if (name === null) continue;
      const { account } = placeOf(answer.scope);
      add(answer.source, account, name, text(region.RegionOptStatus), answer.seq);
    }
  }
  for (const [key] of [...asked]) {
    const [source, scope] = key.split('\n') as [string, string];
    const { account, region } = placeOf(scope);
    add(source, account, region, null, null);
  }
}
