import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { buildCompany } from '../../../../electron/sandbox/company/company.ts';
import { writeBenchLogs } from '../../../../electron/sandbox/events/bench-logs.ts';
import { logBuckets } from '../../../../electron/sandbox/events/log-bucket.ts';
import { setLogOptions } from '../../../../electron/sandbox/events/options.ts';
import { writeLogFolder } from '../../../../electron/sandbox/events/write-folder.ts';
import { verifyChain } from '../../../engine/sandbox-s3/reference-verifier.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

interface Head {
  ContentLength: number;
  Metadata: Record<string, string>;
}
interface Keys {
  PublicKeyList: { Fingerprint: string; Value: string }[];
}

const json = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

test('a written folder verifies from its files alone: saved head-object answers carry the signatures', async () => {
  const dir = temporaryFolder();
  const company = buildCompany({ asOf: '2026-11-24T00:00:00Z' });
  setLogOptions(company, { events: 3000 });
  const written = await writeLogFolder(company, dir, { bucket: 'meridian-organization-trail' });
  const bucket = join(dir, 'meridian-organization-trail');
  const names = (await filesIn(bucket)).filter((name) => name.endsWith('.json.gz'));
  expect(names).toHaveLength(written.logs + written.digests);
  expect(names).toEqual(
    logBuckets(company)
      .objects('meridian-organization-trail')
      .map(({ key }) => key),
  );
  const base = `AWSLogs/${company.organizationId}/${company.accounts[0].id}`;
  const outcome = await verifyChain(
    {
      keys: async (prefix) => names.filter((name) => name.startsWith(prefix)),
      async get(key) {
        const bytes = await readFile(join(bucket, key));
        if (!key.includes('CloudTrail-Digest')) return { bytes, metadata: {} };
        const head = await json<Head>(join(bucket, `${key}.metadata.json`));
        expect(head.ContentLength).toBe(bytes.length);
        return { bytes, metadata: head.Metadata };
      },
      async publicKeys(region) {
        const { PublicKeyList } = await json<Keys>(join(dir, 'public-keys', `${region}.json`));
        return new Map(
          PublicKeyList.map(({ Fingerprint, Value }) => [Fingerprint, Buffer.from(Value, 'base64')]),
        );
      },
    },
    'meridian-organization-trail',
    { logs: `${base}/CloudTrail/us-east-1/`, digests: `${base}/CloudTrail-Digest/us-east-1/` },
    'us-east-1',
  );
  expect(outcome.problems).toEqual([]);
  expect(outcome.validDigests).toBe(90);
});

test('a folder of some days, as a plain synchronised copy, has the objects delivered in them and nothing else', async () => {
  const dir = temporaryFolder();
  const company = buildCompany({ asOf: '2026-11-24T00:00:00Z' });
  setLogOptions(company, { events: 3000 });
  const from = Date.parse('2026-11-01T00:00:00Z');
  const written = await writeLogFolder(company, dir, { from, to: from + 2 * 86_400_000, answers: false });
  const names = await filesIn(dir);
  expect(names).toHaveLength(written.logs + written.digests);
  expect(written.digests).toBe(2 * 7);
  for (const name of names) expect(name).toMatch(/\/2026\/11\/0[12]\/[^/]*\.json\.gz$/);
});

test('bench logs have exactly the events asked for, the same in one thread as in two', async () => {
  const one = temporaryFolder();
  const two = temporaryFolder();
  const alone = await writeBenchLogs(one, { events: 12_000, filesOf: 1000, threads: 1 });
  const both = await writeBenchLogs(two, { events: 12_000, filesOf: 1000, threads: 2 });
  expect(both).toEqual(alone);
  expect(alone.events).toBe(12_000);
  const names = await filesIn(one);
  expect(names).toHaveLength(alone.files);
  expect(await filesIn(two)).toEqual(names);
  const ids = new Set<string>();
  let kms = 0;
  for (const name of names) {
    const bytes = await readFile(join(one, name));
    expect(bytes.equals(await readFile(join(two, name)))).toBe(true);
    const { Records } = JSON.parse(gunzipSync(bytes).toString('utf8')) as {
      Records: { eventID: string; eventSource: string }[];
    };
    for (const { eventID, eventSource } of Records) {
      ids.add(eventID);
      if (eventSource === 'kms.amazonaws.com') kms++;
    }
  }
  expect(ids.size).toBe(12_000);
  expect(kms).toBe(alone.kmsEvents);
});

test('fewer bench events than the company has changes is refused with words', async () => {
  await expect(writeBenchLogs(temporaryFolder(), { events: 10 })).rejects.toThrow(
    /cannot write 10 sample events/,
  );
});
