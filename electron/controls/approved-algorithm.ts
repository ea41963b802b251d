import { both, exception, pass, undetermined, type Control } from './control.ts';
import { policyText } from './policy-text.ts';
import { livedInPeriod, testKeys } from './test-keys.ts';

const ID = 'approved-algorithm';

/** Keys are of an approved kind. */
export const approvedAlgorithm: Control = {
  id: ID,
  title: 'Algorithm is approved',
  finding: 'protection',
  criteria: ['CC6.1'],
  question: "Is the key's algorithm and size on the approved list?",
  method:
    'Compare the kind and size of the key (AWS: KeySpec of DescribeKey; Azure: kty, size and curve; Vault: type) with the approved algorithms of the policy. A key never changes its kind, so the answer holds for its whole life.',
  permissions: ['kms:DescribeKey', 'Microsoft.KeyVault/vaults/keys/read', '<mount>/keys/+ [read]'],
  remediation: 'Replace the key by one of an approved kind and re-encrypt or re-sign.',
  standards: [
    { name: 'NIST SP 800-131A', version: 'Rev. 2', ref: 'tables 1, 2, 8' },
    { name: 'AWS Control Tower', version: 'proactive controls', ref: 'CT.KMS.PR.2' },
  ],
  appliesTo: 'customer managed keys',
  test: (context) =>
    testKeys(context, ID, (key) => {
      const { approvedAlgorithms } = context.engagement.parameters;
      const cites = key.seq === null ? [] : [key.seq];
      if (key.algorithm === null) return both(undetermined('The answer names no key spec.', cites));
      const from = policyText(approvedAlgorithms);
      const answer = approvedAlgorithms.value.includes(key.algorithm)
        ? pass(`Key spec ${key.algorithm} is on the approved list (${from}).`, cites)
        : exception(`Key spec ${key.algorithm} is not on the approved list (${from}).`, cites);
      return { collection: answer, period: livedInPeriod(context, key) ?? answer };
    }),
};
