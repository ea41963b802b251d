import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { shapeFault } from '../../../electron/recorder/answer-shape.ts';
import { awsAnswers, awsErrorMessage } from '../../../electron/recorder/aws-answers.ts';
import { BodyTooLarge, readBody } from '../../../electron/recorder/read-body.ts';

const bytes = (text: string) => Buffer.from(text);
const code = (headers: Record<string, string>, body: string, status = 400) =>
  awsAnswers.errorCode(status, headers, bytes(body));

test.each([
  [
    'the __type of a JSON answer',
    {},
    '{"__type":"AccessDeniedException","message":"no"}',
    'AccessDeniedException',
  ],
  ['a namespaced __type', {}, '{"__type":"com.amazonaws.kms#NotFoundException"}', 'NotFoundException'],
  [
    'the error header with its URL',
    { 'x-amzn-errortype': 'ThrottlingException:http://x/' },
    '{}',
    'ThrottlingException',
  ],
  [
    'the code of an IAM answer',
    {},
    '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>',
    'AccessDenied',
  ],
  [
    'the code of an S3 answer',
    {},
    '<?xml version="1.0"?><Error><Code>NoSuchBucketPolicy</Code></Error>',
    'NoSuchBucketPolicy',
  ],
  ['a proxy’s page', {}, '<html><h1>Sign in</h1></html>', 'Http400'],
  ['a code that is free text', {}, '{"__type":"secret = abc def"}', 'Http400'],
  ['an empty body', {}, '', 'Http400'],
])('the error code is read from %s', (_, headers, body, expected) => {
  expect(code(headers as Record<string, string>, body)).toBe(expected);
});

test('the provider’s words are read in both wire formats', () => {
  expect(awsErrorMessage(bytes('{"Message":"not authorized"}'))).toBe('not authorized');
  expect(awsErrorMessage(bytes('<Error><Message>a &lt;b&gt; &amp; c</Message></Error>'))).toBe('a <b> & c');
  expect(awsErrorMessage(bytes('garbage'))).toBeNull();
});

test('a request id is read under either name', () => {
  expect(awsAnswers.requestId({ 'x-amzn-requestid': 'a' }, null)).toBe('a');
  expect(awsAnswers.requestId({ 'x-amz-request-id': 'b' }, null)).toBe('b');
  expect(awsAnswers.requestId({}, null)).toBeNull();
});

test('an answer that is cut, empty, foreign or of another kind is not taken for an empty list', () => {
  const keys = { format: 'json', members: ['Keys'] } as const;
  expect(shapeFault(keys, bytes('{"Keys":[]}'))).toBeNull();
  expect(shapeFault(keys, bytes('{"Keys":['))).toBe('it is not JSON');
  expect(shapeFault(keys, bytes(''))).toBe('it is not JSON');
  expect(shapeFault(keys, bytes('[]'))).toBe('it is not a JSON object');
  expect(shapeFault(keys, bytes('{"Aliases":[]}'))).toBe('it has no member Keys');
  const list = { format: 'xml', root: 'ListBucketResult' } as const;
  expect(
    shapeFault(list, bytes('<?xml version="1.0"?>\n<ListBucketResult xmlns="x"></ListBucketResult>\n')),
  ).toBeNull();
  expect(shapeFault(list, bytes('<ListBucketResult/>'))).toBeNull();
  expect(shapeFault(list, bytes('<ListBucketResult><Contents>'))).toBe('it ends early');
  expect(shapeFault(list, bytes('<html></html>'))).toBe('it is not a ListBucketResult document');
});

test('a body over the limit is refused, not cut', async () => {
  await expect(readBody(Readable.from([Buffer.alloc(6), Buffer.alloc(6)]), 10)).rejects.toThrow(BodyTooLarge);
  expect((await readBody(Readable.from([Buffer.alloc(4), Buffer.alloc(6)]), 10)).length).toBe(10);
});
