import { expect, test } from 'vitest';
import { LineSplitter } from '../../../../electron/logs/vault-audit/split-lines.ts';
import { WITHHELD, withoutSecrets } from '../../../../electron/logs/vault-audit/withhold-secrets.ts';

const hashed = 'hmac-sha256:0f';
const line = (entry: object): Buffer => Buffer.from(`vault-0 ${JSON.stringify(entry)}`);

/** A line as log_raw writes it: plaintexts, keys and tokens stand in it. */
const raw = {
  time: '2026-06-01T00:00:00.5Z',
  type: 'response',
  auth: { client_token: 'hvs.secret-1', accessor: 'a-1', display_name: 'approle', metadata: { role: 'x' } },
  request: {
    id: 'r-1',
    client_token: 'hvs.secret-1',
    path: 'transit/datakey/plaintext/k',
    data: { context: 'secret-2', bits: 256, deep: [{ inner: 'secret-3' }], empty: '' },
    headers: { 'x-api-key': ['secret-4'] },
  },
  response: {
    auth: { client_token: 'hvs.secret-5', accessor: 'a-2' },
    data: { plaintext: 'secret-6', keys: { '1': 'secret-7' }, key_version: 3 },
    wrap_info: { token: 'hvs.secret-8', ttl: 60 },
  },
};

test('of a line that was written in the clear nothing secret is left, and everything else', () => {
  const kept = withoutSecrets(line(raw))!.toString('utf8');
  expect(kept).not.toContain('secret');
  expect(JSON.parse(kept.slice('vault-0 '.length))).toEqual({
    ...raw,
    auth: { ...raw.auth, client_token: WITHHELD },
    request: {
      ...raw.request,
      client_token: WITHHELD,
      data: { context: WITHHELD, bits: 256, deep: [{ inner: WITHHELD }], empty: '' },
      headers: { 'x-api-key': [WITHHELD] },
    },
    response: {
      auth: { client_token: WITHHELD, accessor: 'a-2' },
      data: { plaintext: WITHHELD, keys: { '1': WITHHELD }, key_version: 3 },
      wrap_info: { token: WITHHELD, ttl: 60 },
    },
  });
});

test('the password of a sign-in, before there is a token, is withheld too', () => {
  const entry = {
    type: 'request',
    request: { path: 'auth/userpass/login/ann', data: { password: 'secret' } },
  };
  expect(withoutSecrets(line(entry))!.toString()).not.toContain('secret');
});

test('a value that looks like a hash does not hide that a line is in the clear', () => {
  const data = { input: 'secret', hash: hashed, client_token: hashed };
  expect(withoutSecrets(line({ ...raw, request: { ...raw.request, data } }))!.toString()).not.toContain(
    'secret',
  );
});

test('a line that its device hashed is kept as it came, to the byte', () => {
  const entry = {
    auth: { client_token: hashed, accessor: 'plain' },
    // audit_non_hmac_request_keys: the client chose to show these.
    request: { client_token: hashed, path: 'p', data: { common_name: 'shown', ttl: 3 } },
    response: { data: { ciphertext: hashed } },
  };
  expect(withoutSecrets(line(entry))).toBeNull();
  expect(withoutSecrets(line({ type: 'request', request: { path: 'sys/audit/test' } }))).toBeNull();
  expect(withoutSecrets(Buffer.from('{"client_token":"x", not json'))).toBeNull();
});

test('a file says how many of its lines were in the clear', () => {
  const records: string[] = [];
  const splitter = new LineSplitter({
    record: (bytes, start, end) => records.push(bytes.toString('utf8', start, end)),
    reject: () => undefined,
  });
  const plain = line({ auth: { client_token: hashed }, request: { path: 'p' } }).toString();
  const text = Buffer.from(`${plain}\n${line(raw).toString()}\n${plain}\n`);
  for (let at = 0; at < text.length; at += 50)
    splitter.write(Buffer.from(text.subarray(at, Math.min(at + 50, text.length))));
  expect(splitter.end().defect).toBe('1 of 3 lines hold secrets in the clear (log_raw), which are not kept');
  expect(records).toHaveLength(3);
  expect([records[0], records[2]]).toEqual([plain, plain]);
  expect(records[1]).not.toContain('secret');
});
