import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { digestInput } from '../../../electron/logs/cloudtrail/digest/from-ledger.ts';
import { deriveDigests } from '../../../electron/logs/derive-digests.ts';
import { importFiles } from '../../../electron/providers/files/import-files.ts';
import { buildCompany } from '../../../electron/sandbox/company/company.ts';
import { digestPublicKeys } from '../../../electron/sandbox/events/digest-keys.ts';
import { logBuckets } from '../../../electron/sandbox/events/log-bucket.ts';
import { LOG_FAULTS, setLogOptions, type LogFault } from '../../../electron/sandbox/events/options.ts';
import { newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** What the chain must show for each thing done to the bucket behind CloudTrail's back. */
const EXPECTED: Record<LogFault, [kind: string, result: string, reason: RegExp][]> = {
  'tampered-log': [['log', 'invalid', /it was changed/]],
  'deleted-log': [['log', 'missing', /not there/]],
  'deleted-digest': [['digest', 'missing', /not in the bucket/]],
  'undigested-log': [['log', 'undigested', /no digest names it/]],
  'moved-digest': [['digest', 'invalid', /it was moved/]],
  'tampered-digest': [['digest', 'invalid', /signature does not fit/]],
};

it.each([null, ...LOG_FAULTS])(
  'files of a log bucket with %s, imported with their metadata, show it',
  async (fault) => {
    const company = buildCompany({ asOf: '2026-07-01T00:00:00Z', periodDays: 60 });
    setLogOptions(company, { events: 400, ...(fault ? { faults: [fault] } : {}) });
    const [trail] = company.trails;
    const [account] = company.accounts;
    const buckets = logBuckets(company);
    const folder = temporaryFolder();
    const write = (name: string, content: string | Buffer) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    };
    // The chain of one account and Region, as `aws s3 sync` brings it, with head-object saved beside each digest.
    const chain = buckets
      .objects(trail!.bucket)
      .filter((o) => o.accountId === account.id && o.region === trail!.homeRegion);
    for (const object of chain) {
      write(object.key, object.bytes());
      const { metadata, etag } = object.head();
      if (object.kind === 'digest')
        write(`${object.key}.head.json`, JSON.stringify({ ETag: etag, Metadata: metadata }));
    }
    const PublicKeyList = digestPublicKeys(company, trail!.homeRegion, company.period.from, company.now).map(
      (k) => ({
        Fingerprint: k.fingerprint,
        Value: k.der.toString('base64'),
      }),
    );
    write('list-public-keys.json', JSON.stringify({ PublicKeyList }));

    const { writer, db } = newEngagement();
    const summary = await importFiles(writer, { snapshot: 's1', source: 'files', paths: [folder] });
    expect(summary.rejected).toEqual([]);
    const rows = deriveDigests(db, 's1', digestInput(db, 's1', company.period.from));
    const faults = rows.filter(
      (r) => r.result !== 'valid' && !r.reason?.includes('newer than the last digest'),
    );
    const digests = rows.filter((r) => r.kind === 'digest' && r.result === 'valid');
    expect(digests.length).toBeGreaterThan(50);
    for (const [kind, result, reason] of fault ? EXPECTED[fault] : []) {
      const shown = faults.filter(
        (r) => r.kind === kind && r.result === result && reason.test(r.reason ?? ''),
      );
      expect(shown, JSON.stringify(faults, null, 1)).toHaveLength(1);
    }
    if (fault === null) expect(faults).toEqual([]);
  },
);
