/** What became of one question, as every derived row and gap states it. */
export type AnswerStatus =
  'ok' | 'denied' | 'not-applicable' | 'error' | 'throttled' | 'network' | 'interrupted' | 'not-asked';

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'AuthorizationError',
  'AuthorizationErrorException',
  'Forbidden',
  'OptInRequired',
  'UnauthorizedAccess',
  'UnauthorizedOperation',
]);

const THROTTLED = new Set([
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
]);

/**
 * Errors that are an answer, by action: the thing asked about cannot exist for this subject, or is not set up. They are
 * facts, never gaps. '*' holds for every action. Sources: KMS API reference (errors of each operation), S3 API
 * reference (error responses), CloudTrail API reference.
 */
const NOT_APPLICABLE: Record<string, readonly string[]> = {
  GetKeyRotationStatus: ['UnsupportedOperationException'],
  ListKeyRotations: ['UnsupportedOperationException'],
  GetKeyLastUsage: ['UnsupportedOperationException'],
  GetPublicKey: ['UnsupportedOperationException'],
  DescribeCustomKeyStores: ['UnsupportedOperationException'],
  GetBucketPolicy: ['NoSuchBucketPolicy'],
  GetBucketPolicyStatus: ['NoSuchBucketPolicy'],
  GetPublicAccessBlock: ['NoSuchPublicAccessBlockConfiguration'],
  GetObjectLockConfiguration: ['ObjectLockConfigurationNotFoundError'],
  GetBucketLifecycleConfiguration: ['NoSuchLifecycleConfiguration'],
  GetBucketEncryption: ['ServerSideEncryptionConfigurationNotFoundError'],
  GetBucketTagging: ['NoSuchTagSet'],
  GetInsightSelectors: ['InsightNotEnabledException'],
  DescribeOrganization: ['AWSOrganizationsNotInUseException'],
  GetResourcePolicy: ['ResourcePolicyNotFoundException'],
};

/** KMS answers these for keys whose state does not allow the question (Unavailable, PendingImport, Creating …). */
const STATE_CODES = new Set(['KMSInvalidStateException', 'KMSInvalidState']);

/** Strips what the wire adds to an error's name: `com.amazonaws.kms#X` and `X:http://…`. */
export function errorName(code: string): string {
  return code.replace(/^.*#/, '').replace(/:.*$/s, '');
}

/** Reads the outcome of an exchange with AWS. */
export function answerStatus(
  action: string,
  outcome: 'ok' | 'error' | 'network' | 'interrupted',
  code: string | null,
  httpStatus: number | null,
): AnswerStatus {
  if (outcome !== 'error') return outcome;
  const name = errorName(code ?? '');
  if (NOT_APPLICABLE[action]?.includes(name)) return 'not-applicable';
  if (STATE_CODES.has(name) && action !== 'DescribeKey') return 'not-applicable';
  if (THROTTLED.has(name) || httpStatus === 429) return 'throttled';
  if (DENIED.has(name) || httpStatus === 403) return isSessionFault(name) ? 'error' : 'denied';
  return 'error';
}

/** True when the credentials themselves were refused: expired, unknown or wrongly signed. */
export function isSessionFault(name: string): boolean {
  return /^(ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|RequestTimeTooSkewed|RequestExpired|TokenRefreshRequired|InvalidAccessKeyId|InvalidToken)$/.test(
    name,
  );
}
