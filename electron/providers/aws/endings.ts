import type { Ending, EndingOf } from '../../collect/ending.ts';

/** Codes for "too many requests"; KMS and CloudTrail send them with HTTP 400. */
const throttling = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'SlowDown',
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'Http429',
]);

/** Codes that say who asks is not accepted at all, as opposed to not allowed to do this one thing. */
const credentialFaults = new Set([
  'UnrecognizedClientException',
  'UnrecognizedClient',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'InvalidToken',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'AuthFailure',
  'NotSignedUp',
]);

/** Codes AWS answers when the clocks differ. The SDK corrects its clock by the answer's Date: ask again. */
const clockFaults = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture']);
const CLOCK_TOLERANCE_MS = 4 * 60_000;

/** How an AWS exchange ends its call. Codes: https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html */
export const awsEndingOf: EndingOf = (facts): Ending => {
  const { outcome, httpStatus, errorCode } = facts;
  if (outcome === 'ok') return 'ok';
  if (outcome !== 'error') return 'transient';
  const code = errorCode ?? '';
  if (throttling.has(code)) return 'throttled';
  if (clockFaults.has(code)) return 'transient';
  if (credentialFaults.has(code)) return clocksDiffer(facts) ? 'transient' : 'credentials';
  if (code === 'MalformedAnswer' || (httpStatus !== null && httpStatus >= 500)) return 'transient';
  if (code === 'RequestTimeout' || code === 'DependencyTimeoutException') return 'transient';
  return 'refused';
};

function clocksDiffer({ serverDate, end }: { serverDate: string | null; end: string }): boolean {
  return serverDate !== null && Math.abs(Date.parse(serverDate) - Date.parse(end)) > CLOCK_TOLERANCE_MS;
}
