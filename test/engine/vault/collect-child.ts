/*
 * Collects a Vault into an engagement file in a process of its own, so that a test can kill it. Arguments: file, endpoint,
 * token, files of audit devices. Says `go` when it starts to ask and `done` at the end.
 */
import { openEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { snapshots } from '../../../electron/engagement/current.ts';
import { sampleEngagement } from '../collect/sample.ts';

const [file, endpoint, token, ...paths] = process.argv.slice(2) as [string, string, string, ...string[]];
const open = openEngagementFile(file);
const writer = new LedgerWriter(open.db);
const unfinished = snapshots(open.db).find((snapshot) => !snapshot.close);
process.stdout.write('go\n');
const result = await collectSnapshot({
  ...{ writer, engagement: sampleEngagement(), operator: { name: 'Ann Auditor', email: null } },
  sources: [
    {
      ...{ provider: 'vault', id: 'vault', title: 'Vault', address: endpoint, sample: true, caFile: null },
      ...{ namespace: null, namespaces: null, mounts: null, login: { from: 'token' }, kvMetadata: true },
      auditLogs: [{ device: null, paths }],
    },
  ],
  tool: { name: 'keywitness', version: '0.0.0' },
  credentialsFor: () => ({
    vault: { secret: () => Promise.resolve(token), openPage: () => Promise.resolve() },
  }),
  quotas: { multiplier: 100, reason: 'sample environment' },
  ...(unfinished && { resume: unfinished.id }),
});
open.close();
process.stdout.write(`done ${result.state}\n`);
