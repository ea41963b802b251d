import { vaultErrorMessage } from '../../recorder/vault-answers.ts';
import type { Provider } from '../provider.ts';
import { askVaultAgain } from './ask-again.ts';
import { collectVault } from './collect-vault.ts';
import { testVault } from './connection-test.ts';
import { vaultEndingOf } from './endings.ts';
import { ignoredVaultEnvironment } from './environment.ts';
import { vaultOperations } from './operations/index.ts';
import { planVault } from './plan-vault.ts';
import { vaultRemedy } from './remedies.ts';

/** HashiCorp Vault and OpenBao: transit keys, policies, identities, audit devices. */
export const vaultProvider: Provider<'vault'> = {
  id: 'vault',
  title: 'HashiCorp Vault',
  operations: vaultOperations,
  isSignIn: (op) => SIGN_IN.test(op),
  endingOf: vaultEndingOf,
  errorMessage: vaultErrorMessage,
  remedyOf: vaultRemedy,
  noteRemedies: {
    'value-not-given':
      'Collect where the value can be asked, or give its hash with the source (--find label=hmac-sha256:…).',
    'log-files-not-read':
      'Name the files of every audit device, of every node, in the source (--audit-log device=path), then collect again.',
  },
  ignoredEnvironment: ignoredVaultEnvironment,
  sampleEndpoint: ({ sample, address }) => (sample ? address : null),
  plan: planVault,
  collect: (run, given) => collectVault(run, given?.vault ?? null),
  askAgain: (run, given) => askVaultAgain(run, given?.vault ?? null),
  test: (run, given) => testVault(run, given?.vault ?? null),
};

const SIGN_IN = /^vault\.(token\.|auth\.(Login|Oidc)|sys\.Health$)/;
