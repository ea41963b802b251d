import type { Bucket, Company } from '../company/types.ts';
import { logBuckets } from '../events/log-bucket.ts';
import { header, type WireRequest, type WireResponse } from '../server/message.ts';
import { element, errorAnswer, xmlAnswer } from './answer.ts';
import { BUCKET_SETTINGS, canonicalId } from './bucket-settings.ts';
import { getObject } from './get-object.ts';
import { listObjects } from './list-objects.ts';

/**
 * Answers a request to Amazon S3, REST API of 2006-03-01, reading only. Who may ask is decided before. Refusals are
 * answers with S3's error document, never exceptions.
 */
export function handleS3(company: Company, request: WireRequest): WireResponse {
  const { bucketName, key } = addressOf(company, request);
  if (key === undefined) return errorAnswer(400, 'InvalidURI', "Couldn't parse the specified URI.");
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return errorAnswer(
      405,
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      { Method: request.method },
    );
  }
  const query = new URLSearchParams(request.query);
  if (bucketName === '') return listBuckets(company);
  const bucket = company.buckets.find(({ name }) => name === bucketName);
  if (!bucket)
    return errorAnswer(404, 'NoSuchBucket', 'The specified bucket does not exist', {
      BucketName: bucketName,
    });
  const answer =
    key === ''
      ? bucketAnswer(company, bucket, request.method, query)
      : objectAnswer(company, bucket, key, request, query);
  return { ...answer, headers: { ...answer.headers, 'x-amz-bucket-region': bucket.region } };
}

/**
 * The same request with its bucket in the path: clients may put it in the host name instead
 * (`https://bucket.s3.eu-central-1.amazonaws.com/key`).
 */
export function toPathStyle(company: Company, request: WireRequest): WireRequest {
  const host = (header(request, 'host') ?? '').toLowerCase();
  const bucket = company.buckets.find(({ name }) => host.startsWith(`${name}.`));
  return bucket ? { ...request, path: `/${bucket.name}${request.path}` } : request;
}

/** `key` is undefined when the path is not well-formed. */
function addressOf(company: Company, request: WireRequest): { bucketName: string; key: string | undefined } {
  const [, bucketName = '', ...rest] = toPathStyle(company, request).path.split('/');
  try {
    return { bucketName: decodeURIComponent(bucketName), key: decodeURIComponent(rest.join('/')) };
  } catch {
    return { bucketName: '', key: undefined };
  }
}

function listBuckets(company: Company): WireResponse {
  const buckets = company.buckets.map(
    ({ name, createdAt, region }) =>
      `<Bucket>${element('Name', name)}${element('CreationDate', new Date(createdAt).toISOString())}${element('BucketRegion', region)}</Bucket>`,
  );
  return xmlAnswer(
    'ListAllMyBucketsResult',
    `<Owner>${element('ID', canonicalId(company.accounts[0].id))}</Owner><Buckets>${buckets.join('')}</Buckets>`,
  );
}

function bucketAnswer(
  company: Company,
  bucket: Bucket,
  method: string,
  query: URLSearchParams,
): WireResponse {
  if (method === 'HEAD') return { status: 200, headers: { 'content-type': 'application/xml' }, body: '' };
  for (const [name, setting] of Object.entries(BUCKET_SETTINGS)) {
    if (query.has(name)) return setting(bucket, company);
  }
  if (query.get('list-type') === '2')
    return listObjects(bucket, logBuckets(company).objects(bucket.name), query);
  return errorAnswer(
    501,
    'NotImplemented',
    'A header or query you provided implies functionality that is not implemented.',
  );
}

function objectAnswer(
  company: Company,
  bucket: Bucket,
  key: string,
  request: WireRequest,
  query: URLSearchParams,
): WireResponse {
  const subresource = [...query.keys()].find((name) => name !== 'x-id');
  if (subresource !== undefined) {
    return errorAnswer(
      501,
      'NotImplemented',
      'A header or query you provided implies functionality that is not implemented.',
      { Header: subresource },
    );
  }
  const object = logBuckets(company).find(bucket.name, key);
  if (!object) return errorAnswer(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
  return getObject(object, request);
}
