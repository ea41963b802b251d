import { expect, it } from 'vitest';
import { inserter } from '../../../../db/derived/write.ts';
import { accessFiles } from '../../../../electron/pack/exhibits/access.ts';
import { newEngagement } from '../../../support/ledger.ts';

function withAccounts(count: number) {
  const { db } = newEngagement();
  db.pragma('foreign_keys = OFF');
  const insert = inserter(db, 'principal', [
    ...(['snapshot', 'source', 'account', 'kind', 'id', 'name', 'detail', 'seq'] as const),
  ]);
  for (let n = 0; n < count; n += 1) {
    const account = String(n + 1).padStart(12, '0');
    const detail = JSON.stringify({ UserName: `user of ${account}` });
    insert({
      snapshot: 's1',
      source: 'aws',
      name: 'u',
      account,
      kind: 'user',
      id: `arn:aws:iam::${account}:user/u`,
      detail,
      seq: 1,
    });
  }
  return accessFiles(db, 's1').filter((file) => file.path.includes('/iam-'));
}

const text = (file: ReturnType<typeof withAccounts>[number]): string =>
  Buffer.concat([...(file.content() as Iterable<Buffer>)]).toString('utf8');

it('gives each account a file', () => {
  const files = withAccounts(3);
  expect(files.map((f) => f.path)).toEqual([1, 2, 3].map((n) => `data/2-access/iam-00000000000${n}.json`));
  expect(JSON.parse(text(files[1]!))).toMatchObject({
    account: '000000000002',
    principals: [{ kind: 'user', detail: { UserName: 'user of 000000000002' } }],
  });
});

it('keeps to its budget of files with thousands of accounts, and leaves none out', () => {
  const files = withAccounts(1234);
  expect(files.length).toBeLessThanOrEqual(60);
  const found = files.flatMap((file) =>
    text(file)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { account: string; principals: unknown[] }),
  );
  expect(found.length).toBe(1234);
  expect(new Set(found.map((f) => f.account)).size).toBe(1234);
  expect(found.every((f) => f.principals.length === 1)).toBe(true);
});
