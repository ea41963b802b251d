/*
 * Collects into an engagement file in a process of its own, so that a test can kill it. Arguments: file,
 * endpoint, the sandbox's access key. Says `go` when it starts to ask and `done` at the end.
 */
import { openEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { openLogIngest } from '../../../electron/logs/ingest.ts';
import { snapshots } from '../../../electron/engagement/current.ts';
import { sampleEngagement, sampleSource } from './sample.ts';

const [file, endpoint, accessKeyId, secretAccessKey] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
];
const open = openEngagementFile(file);
const writer = new LedgerWriter(open.db);
const unfinished = snapshots(open.db).find((snapshot) => !snapshot.close);
const ingest = openLogIngest({ threads: 1 });
process.stdout.write('go\n');
const result = await collectSnapshot({
  writer,
  engagement: sampleEngagement(),
  operator: { name: 'Ann Auditor', email: null },
  sources: [sampleSource({ endpoint }, { readLogFiles: true })],
  ingestLines: ingest.ingestLines,
  tool: { name: 'keywitness', version: '0.0.0' },
  credentialsFor: () => ({ aws: async () => ({ accessKeyId, secretAccessKey }) }),
  quotas: { multiplier: 100, reason: 'sample environment' },
  usageEventBudget: 100,
  ...(unfinished && { resume: unfinished.id }),
});
await ingest.close();
open.close();
process.stdout.write(`done ${result.state}\n`);
