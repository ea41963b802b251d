import { crc32 } from 'node:zlib';
import type { LogObject } from '../events/log-bucket.ts';
import { header, type WireRequest, type WireResponse } from '../server/message.ts';
import { errorAnswer, httpDate } from './answer.ts';

/** GetObject and HeadObject (S3 API reference), with ranges, conditions and the checksum that SDKs ask for. */
export function getObject(object: LogObject, request: WireRequest): WireResponse {
  const { size, etag, metadata, encryption } = object.head();
  const headers: Record<string, string> = {
    'last-modified': httpDate(object.lastModified),
    etag: `"${etag}"`,
    'accept-ranges': 'bytes',
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'x-amz-server-side-encryption': encryption.algorithm,
    ...(encryption.kmsKeyArn === undefined
      ? {}
      : { 'x-amz-server-side-encryption-aws-kms-key-id': encryption.kmsKeyArn }),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  const wantsEtag = header(request, 'if-match');
  if (wantsEtag !== undefined && wantsEtag.replaceAll('"', '') !== etag) {
    return errorAnswer(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      { Condition: 'If-Match' },
    );
  }
  const has = header(request, 'if-none-match');
  if (has !== undefined && has.replaceAll('"', '') === etag) return { status: 304, headers, body: '' };

  const bytes = object.bytes();
  const range = readRange(header(request, 'range'), size);
  if (range === 'unsatisfiable') {
    return errorAnswer(416, 'InvalidRange', 'The requested range is not satisfiable', {
      ActualObjectSize: String(size),
    });
  }
  if (range) {
    return {
      status: 206,
      headers: { ...headers, 'content-range': `bytes ${range.first}-${range.last}/${size}` },
      body: bytes.subarray(range.first, range.last + 1),
    };
  }
  if (header(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED') {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    headers['x-amz-checksum-crc32'] = sum.toString('base64');
    headers['x-amz-checksum-type'] = 'FULL_OBJECT';
  }
  return { status: 200, headers, body: bytes };
}

/** One range of bytes (RFC 9110, 14.1.2); anything else is ignored, as the standard allows. */
function readRange(
  text: string | undefined,
  size: number,
): { first: number; last: number } | 'unsatisfiable' | undefined {
  const match = text === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(text);
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const count = Math.min(Number(match[2]), size);
    return count === 0 ? 'unsatisfiable' : { first: size - count, last: size - 1 };
  }
  const first = Number(match[1]);
  const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (first >= size) return 'unsatisfiable';
  return last < first ? undefined : { first, last };
}
