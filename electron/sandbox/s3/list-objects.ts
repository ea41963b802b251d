import type { Bucket } from '../company/types.ts';
import { firstAtOrAfter, type LogObject } from '../events/log-bucket.ts';
import type { WireResponse } from '../server/message.ts';
import { element, errorAnswer, xmlAnswer } from './answer.ts';

/**
 * ListObjectsV2 (S3 API reference). Keys come in order of their UTF-8 bytes; keys that share a beginning up to the
 * delimiter are rolled up into one common prefix, which counts as one entry.
 */
export function listObjects(
  bucket: Bucket,
  objects: readonly LogObject[],
  query: URLSearchParams,
): WireResponse {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const startAfter = query.get('start-after') ?? '';
  const token = query.get('continuation-token');
  const maxText = query.get('max-keys') ?? '1000';
  if (!/^\d{1,9}$/.test(maxText))
    return errorAnswer(400, 'InvalidArgument', 'Provided max-keys not an integer or within integer range', {
      ArgumentName: 'max-keys',
      ArgumentValue: maxText,
    });
  const max = Math.min(Number(maxText), 1000);
  const after = token === null ? startAfter : readToken(token);
  if (after === undefined)
    return errorAnswer(400, 'InvalidArgument', 'The continuation token provided is incorrect', {
      ArgumentName: 'continuation-token',
    });

  const page: ({ object: LogObject } | { common: string })[] = [];
  let at = Math.max(firstAtOrAfter(objects, prefix), firstAfter(objects, after));
  let last = '';
  while (page.length < max && objects[at]?.key.startsWith(prefix)) {
    const object = objects[at]!;
    const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      page.push({ object });
      last = object.key;
      at++;
    } else {
      const common = object.key.slice(0, cut + delimiter.length);
      page.push({ common });
      last = endOf(common);
      at = firstAfter(objects, last);
    }
  }
  const truncated = max > 0 && (objects[at]?.key.startsWith(prefix) ?? false);
  const encoded = query.get('encoding-type') === 'url';
  const name = (key: string): string => (encoded ? encodeURIComponent(key).replaceAll('%2F', '/') : key);
  const contents = page.map((entry) =>
    'object' in entry
      ? contentsOf(entry.object, name)
      : `<CommonPrefixes>${element('Prefix', name(entry.common))}</CommonPrefixes>`,
  );
  return xmlAnswer(
    'ListBucketResult',
    element('Name', bucket.name) +
      element('Prefix', name(prefix)) +
      (query.has('start-after') ? element('StartAfter', name(startAfter)) : '') +
      (token === null ? '' : element('ContinuationToken', token)) +
      (truncated ? element('NextContinuationToken', writeToken(last)) : '') +
      element('KeyCount', page.length) +
      element('MaxKeys', max) +
      (delimiter === '' ? '' : element('Delimiter', name(delimiter))) +
      (encoded ? element('EncodingType', 'url') : '') +
      element('IsTruncated', truncated) +
      contents.join(''),
  );
}

function contentsOf(object: LogObject, name: (key: string) => string): string {
  const { size, etag } = object.head();
  return `<Contents>${element('Key', name(object.key))}${element('LastModified', new Date(object.lastModified).toISOString())}${element('ETag', `"${etag}"`)}<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>${element('Size', size)}<StorageClass>STANDARD</StorageClass></Contents>`;
}

function firstAfter(objects: readonly LogObject[], key: string): number {
  const at = firstAtOrAfter(objects, key);
  return objects[at]?.key === key ? at + 1 : at;
}

/** A text behind every key that begins with this prefix. */
const endOf = (prefix: string): string => `${prefix}\uffff`;

const writeToken = (last: string): string => Buffer.from(`1 ${last}`, 'utf8').toString('base64url');

function readToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  return text.startsWith('1 ') ? text.slice(2) : undefined;
}
