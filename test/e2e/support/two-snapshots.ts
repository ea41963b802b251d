import { createEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../../electron/engagement/parameters.ts';
import { collectEngagement } from '../../../electron/engine/collect-engagement.ts';
import { keyOf } from '../../../electron/sandbox/company/company.ts';
import { startSandbox } from '../../../electron/sandbox/index.ts';

const ANN = { name: 'Ann Auditor', email: null };
const DAY_MS = 86_400_000;
const day = (back: number): string =>
  new Date((Math.floor(Date.now() / DAY_MS) - back) * DAY_MS).toISOString();

/** A key policy with one more statement, that lets another account use the key. */
function withStranger(policy: string): string {
  const document = JSON.parse(policy) as { Statement: object[] };
  const statement = {
    Sid: 'AllowPartner',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::999988887777:root' },
    Action: ['kms:Decrypt', 'kms:DescribeKey'],
    Resource: '*',
  };
  return JSON.stringify({ ...document, Statement: [...document.Statement, statement] });
}

/** An engagement file with two snapshots of a sample account, between which one key was changed in three ways. */
export async function twoSnapshots(file: string): Promise<void> {
  const sandbox = await startSandbox({ seed: 'compare', logs: { events: 500 } });
  const { db, close } = createEngagementFile(file);
  try {
    const writer = new LedgerWriter(db);
    await declare(writer, ANN, 'engagement', '', {
      client: 'Meridian Freight',
      criteria: ['CC6.1'],
      mode: 'management',
      type: 2,
      period: { from: day(20), to: day(3) },
      parameters: defaultParameters,
      sample: true,
    });
    await declare(writer, ANN, 'source', 'production', {
      provider: 'aws',
      id: 'production',
      title: 'Production account',
      credentials: { from: 'default-chain' },
      assumeRole: null,
      regions: null,
      sampleEndpoint: sandbox.aws.endpoint,
      readLogFiles: false,
    });
    const collect = () =>
      collectEngagement(
        { db, writer },
        {
          operator: ANN,
          credentialsFor: () => ({ aws: async () => sandbox.aws.credentials.auditor }),
          quotas: { multiplier: 100, reason: 'sample environment' },
          signer: null,
          timestamp: null,
          usageEventBudget: 0,
        },
      );
    await collect();
    const key = keyOf(sandbox.company, 'rotation-on');
    key.description = 'Changed since the first snapshot';
    key.rotation = { enabled: false, periodDays: 365 };
    Object.defineProperty(key, 'policy', { value: withStranger(key.policy) });
    await collect();
  } finally {
    close();
    await sandbox.close();
  }
}
