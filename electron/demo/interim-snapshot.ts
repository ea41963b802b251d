import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { declare } from '../engagement/declarations.ts';
import type { AwsSource } from '../engagement/engagement.ts';
import { currentSources } from '../engagement/current.ts';
import type { Company, SandboxKey } from '../sandbox/company/types.ts';
import { OPERATOR } from './run-demo.ts';

/** The Region that the interim snapshot looks at. */
const REGION = 'eu-central-1';
const SOURCE = 'aws-production';

/** Leaves one source, one Region and no log files: a look in between, to compare with. */
export async function declareInterim(writer: LedgerWriter): Promise<void> {
  for (const source of currentSources(writer.db)) {
    if (source.id !== SOURCE) {
      await declare(writer, OPERATOR, 'source.removed', source.id, {
        reason: 'not part of the interim look',
      });
      continue;
    }
    const narrow: AwsSource = { ...(source as AwsSource), regions: [REGION], readLogFiles: false };
    await declare(writer, OPERATOR, 'source', SOURCE, narrow);
  }
}

/**
 * Puts some keys back to what they were before the interim snapshot: one did not rotate yet, one let another service in too.
 *
 * @returns undoes it
 */
export function asBefore(company: Company): () => void {
  const [rotating, shared] = company.keys.filter(
    (key) =>
      key.accountId === company.accounts[0].id &&
      key.region === REGION &&
      key.manager === 'CUSTOMER' &&
      key.state === 'Enabled' &&
      key.rotation?.enabled === true,
  ) as [SandboxKey, SandboxKey];
  const { rotation, description } = rotating;
  rotating.rotation = { ...rotation!, enabled: false };
  rotating.description = `${description} (draft)`;
  const before = Object.getOwnPropertyDescriptor(shared, 'policy')!;
  const document = JSON.parse(shared.policy) as { Statement: object[] };
  document.Statement.push({
    Sid: 'TokenizerForMigration',
    Effect: 'Allow',
    Principal: { AWS: company.roles.find((role) => role.name === 'payments-tokenizer')!.arn },
    Action: ['kms:Decrypt'],
    Resource: '*',
  });
  Object.defineProperty(shared, 'policy', { ...before, get: () => JSON.stringify(document) });
  return () => {
    Object.assign(rotating, { rotation, description });
    Object.defineProperty(shared, 'policy', before);
  };
}
