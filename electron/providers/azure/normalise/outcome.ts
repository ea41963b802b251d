import type { AnswerStatus } from '../../../derive/answer.ts';
import { azureOperations } from '../operations/index.ts';

/**
 * Codes that say the identity may not. Key Vault tells the reasons apart: a role is missing (ForbiddenByRbac), the
 * access policy lacks a permission (ForbiddenByPolicy, before AccessDenied), the vault's network refuses us
 * (ForbiddenByFirewall, ForbiddenByConnection).
 */
const DENIED =
  /^(AuthorizationFailed|Forbidden.*|AccessDenied|LinkedAuthorizationFailed|InsufficientAccessError|AuthorizationPermissionMismatch|AuthorizationFailure|Authorization_RequestDenied|InsufficientAccountPermissions|Http403|InvalidAuthenticationTokenTenant)$/;
const THROTTLED = /^(TooManyRequests.*|Throttl.*|ServerBusy|RateLimiting|.*RequestsThrottled|Http429)$/;

const notApplicable = new Map(
  azureOperations.map((op) => [op.action, new Set(op.notApplicable.map(({ code }) => code))]),
);

/** What became of an exchange with Azure. */
export function answerStatus(
  action: string,
  outcome: 'ok' | 'error' | 'network' | 'interrupted',
  code: string | null,
  httpStatus: number | null,
): AnswerStatus {
  if (outcome === 'ok') return 'ok';
  if (outcome !== 'error') return outcome;
  const named = code ?? '';
  if (notApplicable.get(action)?.has(named)) return 'not-applicable';
  if (httpStatus === 429 || THROTTLED.test(named)) return 'throttled';
  return httpStatus === 403 || DENIED.test(named) ? 'denied' : 'error';
}
