import { azureErrorMessage } from '../../recorder/azure-answers.ts';
import type { Provider } from '../provider.ts';
import { askAzureAgain } from './ask-again.ts';
import { collectAzure } from './collect-azure.ts';
import { testAzure } from './connection-test.ts';
import { azureEndingOf } from './endings.ts';
import { ignoredEnvironment } from './environment.ts';
import { remedyOf } from './normalise/effects.ts';
import { NOTE_REMEDIES } from './note-remedies.ts';
import { azureOperations } from './operations/index.ts';
import { planAzure } from './plan-azure.ts';

/** Azure: Key Vault, Managed HSM, role assignments, and what records and watches them. */
export const azureProvider: Provider<'azure'> = {
  id: 'azure',
  title: 'Azure',
  operations: azureOperations,
  isSignIn: (op) =>
    op.startsWith('azure.entra.') || op.startsWith('azure.resources.') || op.endsWith('.Challenge'),
  endingOf: azureEndingOf,
  errorMessage: azureErrorMessage,
  remedyOf,
  noteRemedies: NOTE_REMEDIES,
  ignoredEnvironment,
  sampleEndpoint: (source) => source.sampleEndpoint,
  plan: planAzure,
  collect: (run, given) => collectAzure(run, given?.azure ?? null),
  askAgain: (run, given) => askAzureAgain(run, given?.azure ?? null),
  test: (run, given) => testAzure(run, given?.azure ?? null),
};
