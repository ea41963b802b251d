import type { Ending, EndingOf } from '../../collect/ending.ts';

/** Codes for "too many requests"; Azure sends them with 429, a busy store with 503. */
const throttling = new Set([
  'TooManyRequests',
  'TooManyRequestsException',
  'OperationNotAllowed',
  'ServerBusy',
  'Throttled',
  'ThrottledError',
  'RateLimiting',
  'SubscriptionRequestsThrottled',
  'TenantRequestsThrottled',
]);

/** Codes that say who asks is not accepted at all, as opposed to not allowed to do this one thing. */
const credentialFaults = new Set([
  'InvalidAuthenticationToken',
  'ExpiredAuthenticationToken',
  'AuthenticationFailed',
  'AuthenticationFailedMissingToken',
  'InvalidTokenError',
]);

/** How an Azure exchange ends its call. https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
export const azureEndingOf: EndingOf = ({ outcome, httpStatus, errorCode }): Ending => {
  if (outcome === 'ok') return 'ok';
  if (outcome !== 'error') return 'transient';
  const code = errorCode ?? '';
  if (httpStatus === 429 || throttling.has(code)) return 'throttled';
  if (httpStatus === 401 && credentialFaults.has(code)) return 'credentials';
  if (code === 'MalformedAnswer' || httpStatus === 408 || (httpStatus !== null && httpStatus >= 500)) {
    return 'transient';
  }
  return 'refused';
};
