/*
 * Collects an Azure source into an engagement file in a process of its own, so that a test can kill it. Arguments: file,
 * and a JSON file with the engagement, the source and the client secret. Says `go` when it starts to ask and `done` at the
 * end.
 */
import { readFileSync } from 'node:fs';
import { openEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { snapshots } from '../../../electron/engagement/current.ts';
import type { AzureSource, Engagement } from '../../../electron/engagement/engagement.ts';
import { openLogIngest } from '../../../electron/logs/ingest.ts';

const [file = '', setUp = ''] = process.argv.slice(2);
const { engagement, source, secret } = JSON.parse(readFileSync(setUp, 'utf8')) as {
  engagement: Engagement;
  source: AzureSource;
  secret: string;
};
const open = openEngagementFile(file);
const unfinished = snapshots(open.db).find((snapshot) => !snapshot.close);
const ingest = openLogIngest({ threads: 1 });
process.stdout.write('go\n');
const result = await collectSnapshot({
  writer: new LedgerWriter(open.db),
  engagement,
  operator: { name: 'Ann Auditor', email: null },
  sources: [source],
  ingestLines: ingest.ingestLines,
  tool: { name: 'keywitness', version: '0.0.0' },
  credentialsFor: () => ({ azure: { secret: () => Promise.resolve(secret) } }),
  quotas: { multiplier: 100, reason: 'sample environment' },
  ...(unfinished && { resume: unfinished.id }),
});
await ingest.close();
open.close();
process.stdout.write(`done ${result.state}\n`);
