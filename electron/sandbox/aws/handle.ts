import { AwsError, spell, type Wire } from '../server/aws-error.ts';
import { createFailures, type Failure } from '../server/failures.ts';
import { header, type WireRequest, type WireResponse } from '../server/message.ts';
import { parseAuthorization, verifySignature } from '../server/sigv4.ts';
import { createThrottle, type Quotas } from '../server/throttle.ts';
import type { Company } from '../company/types.ts';
import { handleS3, toPathStyle } from '../s3/handle.ts';
import type { Call, JsonInput } from './call.ts';
import type { Identities, Identity } from './identities.ts';
import { createKeyIndex } from './kms/key-index.ts';
import { queryAnswer, queryError } from './query.ts';
import { authorizeS3, s3Target } from './s3-access.ts';
import { SERVICES, type Service } from './services.ts';
import { escapeXml } from './xml.ts';

/** One answered request, for tests of budgets and of read-only behaviour. */
export interface CallRecord {
  /** e.g. 'kms:DescribeKey'; 's3:GetObject'. */
  operation: string;
  accountId: string;
  region: string;
  accessKeyId: string;
  userAgent: string;
  requestId: string;
  /** Arrival, milliseconds since the epoch. */
  at: number;
  status: number;
  errorCode?: string;
}

export interface AwsOptions {
  quotas: Quotas;
  failures: Failure[];
  onCall: (record: CallRecord) => void;
}

/** What the HTTP layer does with an answer. */
export interface Answer {
  response: WireResponse;
  operation: string;
  failure?: Failure;
}

export type AwsHandler = (request: WireRequest) => Answer;

/** All AWS services of the company behind one address; service and Region are read from each signature. */
export function createAwsHandler(company: Company, identities: Identities, options: AwsOptions): AwsHandler {
  const keys = createKeyIndex(company);
  const throttle = createThrottle(options.quotas);
  const failures = createFailures(options.failures);
  let requests = 0;
  return (request) => {
    const now = Date.now();
    const requestId = requestIdOf(++requests);
    const facts = factsOf(company, request);
    const record: CallRecord = {
      operation: facts.operation,
      accountId: '',
      region: facts.region,
      accessKeyId: '',
      userAgent: header(request, 'user-agent') ?? '',
      requestId,
      at: now,
      status: 0,
    };
    const failure = failures.next(facts.operation);
    let response: WireResponse;
    try {
      const identity = authenticate(company, identities, request, now, record);
      if (failure?.how === 'error-500')
        throw new AwsError(
          facts.operation.startsWith('kms:') ? 'KMSInternalException' : 'InternalFailure',
          'An internal error occurred. Please retry your request.',
        );
      if (failure?.how === 'throttle' || !throttle.take(facts.operation, record.accountId, facts.region, now))
        throw new AwsError('ThrottlingException', 'Rate exceeded');
      response = serve(
        { company, identities, keys, caller: identity.caller, region: facts.region, now },
        request,
        facts,
        requestId,
      );
    } catch (error) {
      // A fault of the sandbox itself is answered as AWS answers its own.
      const known =
        error instanceof AwsError
          ? error
          : new AwsError('InternalFailure', `The sandbox failed: ${String(error)}`);
      response = refusal(known, facts, requestId);
      record.errorCode = spell(known, facts.wire).code;
    }
    record.status = response.status;
    options.onCall(record);
    return { response, operation: facts.operation, ...(failure ? { failure } : {}) };
  };
}

interface Facts {
  service: Service | undefined;
  wire: Wire;
  region: string;
  /** Name within the service. */
  action: string;
  /** IAM prefix and name. */
  operation: string;
  form?: URLSearchParams;
}

/** What the request is about, before anything is trusted. */
function factsOf(company: Company, request: WireRequest): Facts {
  const scope = /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\//.exec(header(request, 'authorization') ?? '');
  const region = scope?.[1] ?? '';
  const service = scope ? SERVICES[scope[2]!] : undefined;
  if (!service)
    return { service, wire: 'json', region, action: '', operation: `${scope?.[2] ?? 'unknown'}:unknown` };
  const facts = (action: string): Facts => ({
    service,
    wire: service.wire,
    region,
    action,
    operation: `${service.prefix}:${action}`,
  });
  switch (service.wire) {
    case 'json':
      return facts(header(request, 'x-amz-target')?.split('.').at(-1) ?? '');
    case 'rest-json':
      return facts(service.paths[request.path] ?? request.path);
    case 'query': {
      const form = new URLSearchParams(
        request.method === 'GET' ? request.query : request.body.toString('utf8'),
      );
      return { ...facts(form.get('Action') ?? ''), form };
    }
    case 's3': {
      const { action } = s3Target(toPathStyle(company, request));
      return { service, wire: 's3', region, action, operation: action };
    }
  }
}

function authenticate(
  company: Company,
  identities: Identities,
  request: WireRequest,
  now: number,
  record: CallRecord,
): Identity {
  const authorization = parseAuthorization(request);
  record.accessKeyId = authorization.accessKeyId;
  const identity = identities.find(authorization.accessKeyId);
  const wrongToken = new AwsError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
  if (!identity) throw wrongToken;
  record.accountId = identity.caller.accountId;
  if (
    identity.credentials.sessionToken !== undefined &&
    header(request, 'x-amz-security-token') !== identity.credentials.sessionToken
  )
    throw wrongToken;
  verifySignature(request, authorization, identity.credentials.secretAccessKey, now);
  if (identity.expiresAt !== undefined && identity.expiresAt <= now)
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
  // A Region that the account has not opted into knows nobody.
  if (!company.enabledRegions.includes(authorization.region)) throw wrongToken;
  return identity;
}

function serve(call: Call, request: WireRequest, facts: Facts, requestId: string): WireResponse {
  const { service, action } = facts;
  if (service?.wire === 's3') {
    authorizeS3(call, s3Target(toPathStyle(call.company, request)));
    const response = handleS3(call.company, request);
    return {
      ...response,
      headers: {
        ...response.headers,
        'x-amz-request-id': requestId,
        'x-amz-id-2': Buffer.from(requestId).toString('base64'),
      },
    };
  }
  if (!service || !Object.hasOwn(service.operations, action)) {
    throw new AwsError(
      'UnknownOperationException',
      `The sample environment has no operation ${facts.operation}.`,
    );
  }
  if (service.wire === 'query') {
    const result = service.operations[action]!(call, facts.form ?? new URLSearchParams());
    return xmlAnswer(200, queryAnswer(service.name, action, result, requestId), requestId);
  }
  const output = service.operations[action]!(call, jsonBody(request));
  return jsonAnswer(200, JSON.stringify(output), service, requestId);
}

function jsonBody(request: WireRequest): JsonInput {
  if (request.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonInput;
  } catch {
    // Falls through to the refusal: AWS names the fault, not the parser's reason.
  }
  throw new AwsError('ValidationException', 'The request body is not a JSON object.');
}

function refusal(error: AwsError, facts: Facts, requestId: string): WireResponse {
  const { code, status } = spell(error, facts.wire);
  if (facts.service?.wire === 'query')
    return xmlAnswer(
      status,
      queryError(facts.service.name, code, error.message, status, requestId),
      requestId,
    );
  if (facts.wire === 's3') {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(error.message)}</Message><RequestId>${requestId}</RequestId></Error>`;
    return { status, headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId }, body };
  }
  if (facts.wire === 'rest-json') {
    const answer = jsonAnswer(status, JSON.stringify({ message: error.message }), facts.service, requestId);
    answer.headers['x-amzn-errortype'] = code;
    return answer;
  }
  return jsonAnswer(
    status,
    JSON.stringify({ __type: code, message: error.message }),
    facts.service,
    requestId,
  );
}

function jsonAnswer(
  status: number,
  body: string,
  service: Service | undefined,
  requestId: string,
): WireResponse {
  const type =
    service?.wire === 'rest-json'
      ? 'application/json'
      : `application/x-amz-json-${service?.wire === 'json' ? service.version : '1.1'}`;
  return { status, headers: { 'content-type': type, 'x-amzn-requestid': requestId }, body };
}

const xmlAnswer = (status: number, body: string, requestId: string): WireResponse => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
});

/** Request ids count up, so that the same calls in the same order get the same ids. */
function requestIdOf(number: number): string {
  const digits = number.toString(16).padStart(12, '0');
  return `5a3d0c1e-7b42-4f60-9a11-${digits}`;
}
