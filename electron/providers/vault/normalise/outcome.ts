import { meaningOf } from '../../../collect/operation.ts';
import type { AnswerStatus } from '../../../derive/answer.ts';
import { vaultOperations } from '../operations/index.ts';

/** Reads the outcome of an exchange with Vault. Codes: recorder/vault-answers.ts. */
export function answerStatus(
  action: string,
  outcome: 'ok' | 'error' | 'network' | 'interrupted',
  code: string | null,
): AnswerStatus {
  if (outcome !== 'error') return outcome;
  const operation = vaultOperations.find((candidate) => candidate.action === action);
  if (operation && meaningOf(operation, code) !== null) return 'not-applicable';
  if (code === 'PermissionDenied') return 'denied';
  return code === 'RateLimited' ? 'throttled' : 'error';
}
