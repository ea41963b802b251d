/** How a service family spells the same refusal. */
export type Wire = 'json' | 'rest-json' | 'query' | 's3';

/** Refusals that every service knows, under the name the JSON services give them. */
export type CommonFault =
  | 'AccessDeniedException'
  | 'ThrottlingException'
  | 'UnrecognizedClientException'
  | 'InvalidSignatureException'
  | 'ExpiredTokenException'
  | 'MissingAuthenticationTokenException'
  | 'IncompleteSignatureException'
  | 'ValidationException'
  | 'UnknownOperationException'
  | 'InternalFailure';

/** Refusals of one service only; they go out as they are. */
export type ServiceFault =
  | 'NotFoundException'
  | 'InvalidArnException'
  | 'InvalidKeyUsageException'
  | 'InvalidMarkerException'
  | 'UnsupportedOperationException'
  | 'KMSInternalException'
  | 'CustomKeyStoreNotFoundException'
  | 'TrailNotFoundException'
  | 'InvalidTrailNameException'
  | 'InsightNotEnabledException'
  | 'InvalidTimeRangeException'
  | 'InvalidLookupAttributesException'
  | 'InvalidMaxResultsException'
  | 'InvalidNextTokenException'
  | 'InvalidEventCategoryException'
  | 'CloudTrailARNInvalidException'
  | 'ResourceNotFoundException'
  | 'InvalidParameterException'
  | 'InvalidNextToken'
  | 'ValidationError'
  | 'NoSuchBucket';

/** An answer other than success, as AWS would give it. */
export class AwsError extends Error {
  readonly code: CommonFault | ServiceFault;
  readonly status: number | undefined;
  constructor(code: CommonFault | ServiceFault, message: string, status?: number) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

type Spelling = [code: string, status: number];
const SPELLINGS: Record<
  CommonFault,
  Record<Exclude<Wire, 'json' | 'rest-json'>, Spelling> & { json: number; restJson: number }
> = {
  AccessDeniedException: {
    json: 400,
    restJson: 403,
    query: ['AccessDenied', 403],
    s3: ['AccessDenied', 403],
  },
  ThrottlingException: { json: 400, restJson: 429, query: ['Throttling', 400], s3: ['SlowDown', 503] },
  UnrecognizedClientException: {
    json: 400,
    restJson: 403,
    query: ['InvalidClientTokenId', 403],
    s3: ['InvalidAccessKeyId', 403],
  },
  InvalidSignatureException: {
    json: 400,
    restJson: 403,
    query: ['SignatureDoesNotMatch', 403],
    s3: ['SignatureDoesNotMatch', 403],
  },
  ExpiredTokenException: {
    json: 400,
    restJson: 403,
    query: ['ExpiredToken', 403],
    s3: ['ExpiredToken', 400],
  },
  MissingAuthenticationTokenException: {
    json: 400,
    restJson: 403,
    query: ['MissingAuthenticationToken', 403],
    s3: ['AccessDenied', 403],
  },
  IncompleteSignatureException: {
    json: 400,
    restJson: 400,
    query: ['IncompleteSignature', 400],
    s3: ['AuthorizationHeaderMalformed', 400],
  },
  ValidationException: {
    json: 400,
    restJson: 400,
    query: ['ValidationError', 400],
    s3: ['InvalidArgument', 400],
  },
  UnknownOperationException: {
    json: 400,
    restJson: 404,
    query: ['InvalidAction', 400],
    s3: ['NotImplemented', 501],
  },
  InternalFailure: { json: 500, restJson: 500, query: ['InternalFailure', 500], s3: ['InternalError', 500] },
};

/** The code and HTTP status that this wire uses for the error. */
export function spell(error: AwsError, wire: Wire): { code: string; status: number } {
  const common = error.code in SPELLINGS ? SPELLINGS[error.code as CommonFault] : undefined;
  if (!common)
    return { code: error.code, status: error.status ?? (error.code === 'KMSInternalException' ? 500 : 400) };
  if (wire === 'json' || wire === 'rest-json') {
    return { code: error.code, status: error.status ?? (wire === 'json' ? common.json : common.restJson) };
  }
  const [code, status] = common[wire];
  return { code, status: error.status ?? status };
}
