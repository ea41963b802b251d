import type { AnswerReader } from './record-exchange.ts';

/**
 * Reads Vault answers. Vault has no error codes, only statuses and words (api-docs#http-status-codes); the names below
 * are ours. The request id stands in the answer itself, and is the `request.id` of the audit log.
 *
 * @param expired whether the token's own end has passed: older servers refuse such a token in the words of a policy.
 */
export function vaultAnswers(expired: () => boolean): AnswerReader {
  return {
    requestId: (_headers, body) => requestIdIn(body),
    errorCode: (status, _headers, body) => codeOf(status, body, expired),
  };
}

/** The server's words about an error, for people; null when it gave none. */
export function vaultErrorMessage(body: Buffer): string | null {
  const errors = errorsIn(body) ?? [];
  // "1 error occurred:\n\t* permission denied\n\n" → "permission denied"
  const words = errors
    .join('; ')
    .replace(/\d+ errors? occurred:/g, '')
    .replace(/\s*\n\s*\*?\s*/g, ' ')
    .trim();
  return words === '' ? null : words;
}

function codeOf(status: number, body: Buffer, expired: () => boolean): string {
  const value = jsonObject(body);
  if (typeof value?.initialized === 'boolean') return HEALTH[status] ?? `Http${status}`;
  const errors = errorsIn(body);
  const words = errors?.join('\n') ?? '';
  switch (status) {
    case 400:
      return /enterprise-only|unsupported path/i.test(words) ? 'UnsupportedPath' : 'BadRequest';
    case 403:
      return /invalid token|bad token/i.test(words) || expired() ? 'InvalidToken' : 'PermissionDenied';
    case 404:
      if (/unsupported path|no handler for route|enterprise-only/i.test(words)) return 'UnsupportedPath';
      // Nothing there; for a list: nothing in it. Any other 404 comes from something before Vault.
      return errors?.length === 0 ? 'NotFound' : 'Http404';
    case 405:
    case 501:
      return 'UnsupportedOperation';
    case 412:
      return 'NotYetReplicated';
    case 429:
      return 'RateLimited';
    case 503:
      return /sealed/i.test(words) ? 'Sealed' : 'Unavailable';
    default:
      return status >= 300 && status < 400 ? 'Redirected' : `Http${status}`;
  }
}

/** Statuses of sys/health (api-docs/system/health). */
const HEALTH: Record<number, string> = {
  429: 'Standby',
  472: 'DisasterRecoverySecondary',
  473: 'PerformanceStandby',
  501: 'NotInitialised',
  503: 'Sealed',
};

function errorsIn(body: Buffer): string[] | null {
  const errors = jsonObject(body)?.errors;
  return Array.isArray(errors) ? errors.filter((error) => typeof error === 'string') : null;
}

function jsonObject(body: Buffer): Record<string, unknown> | null {
  try {
    const value = JSON.parse(body.toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const REQUEST_ID = /"request_id"\s*:\s*"([0-9a-fA-F-]{36})"/;

/** Large answers are not parsed for it: the server writes it outside of `data`, near the start or the end. */
function requestIdIn(body: Buffer | null): string | null {
  if (body === null) return null;
  const near = 4096;
  return (
    REQUEST_ID.exec(body.toString('utf8', 0, near))?.[1] ??
    REQUEST_ID.exec(body.toString('utf8', Math.max(0, body.length - near)))?.[1] ??
    null
  );
}
