import { both, exception, pass, results, undetermined, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { factsText, IAM_REGION } from './test-access.ts';
import { throughout } from './throughout.ts';

const ID = 'iam-decrypt-all-keys';

/** No IAM policy gives decryption with every key. */
export const iamDecryptAllKeys: Control = {
  id: ID,
  title: 'No IAM policy gives decryption with all keys',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Does an IAM policy allow decryption with every key of the account?',
  method:
    'Read all policies of the account (GetAccountAuthorizationDetails) for kms:Decrypt or kms:ReEncryptFrom on all keys, and name the users, groups and roles they are attached to. Whether a key accepts it depends on its key policy; see the access matrix.',
  permissions: ['iam:GetAccountAuthorizationDetails'],
  remediation: 'Name the keys in the Resource of the policy.',
  standards: [
    { name: 'AWS Security Hub CSPM', version: 'KMS controls', ref: 'KMS.1' },
    { name: 'AWS Security Hub CSPM', version: 'KMS controls', ref: 'KMS.2' },
  ],
  appliesTo: 'AWS accounts',
  test: (context) =>
    accountsWithKeys(context, 'aws').flatMap((account) => {
      const now = answerNow(context, account);
      return results(ID, 'account', account, {
        ...both(now),
        period: throughout(context, {
          subject: account,
          account,
          region: IAM_REGION,
          settings: ['iam'],
          created: null,
          now,
          what: 'no IAM policy allowed decryption with all keys',
        }),
      });
    }),
};

function answerNow(context: ControlContext, account: string): Answer {
  const cites = [...context.iam(account)];
  const facts = context.access.decryptOnAllKeys.get(account) ?? [];
  if (facts.length > 0) {
    return exception(
      `IAM policies of ${account} allow decryption with all keys: ${factsText(facts)}.`,
      cites,
    );
  }
  const why = context.access.iamMissing.get(account);
  if (!context.access.available || why !== undefined || cites.length === 0) {
    return undetermined(
      `IAM of account ${account} was not read${why === undefined ? '' : `: ${why}`}.`,
      cites,
    );
  }
  return pass(`At collection no IAM policy of ${account} allowed decryption with all keys.`, cites);
}

/** Accounts of a provider that hold keys of the inventory, in order. */
export function accountsWithKeys(context: ControlContext, provider: string): string[] {
  const keys = context.keys.filter((key) => key.provider === provider);
  return [...new Set(keys.map((key) => key.account))].sort();
}
