import { describe, expect, test } from 'vitest';
import { vaultAuditFormat } from '../../../../electron/logs/vault-audit/format.ts';
import { LineSplitter } from '../../../../electron/logs/vault-audit/split-lines.ts';
import { rightExercised } from '../../../../electron/review/used.ts';

/** Cuts text in pieces of `size` bytes, and gives the lines and how it ended. */
function split(text: string, size: number) {
  const lines: string[] = [];
  let rejected = 0;
  const splitter = new LineSplitter({
    record: (bytes, start, end) => lines.push(bytes.toString('utf8', start, end)),
    reject: () => (rejected += 1),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) splitter.write(Buffer.from(bytes.subarray(at, at + size)));
  return { lines, rejected, ...splitter.end() };
}

describe('lines', () => {
  test('are the same however the bytes arrive', () => {
    const text = 'a {"x":"ü"}\r\n\n{"y":2}\n{"z":3}\n';
    for (const size of [1, 2, 3, 7, 1000]) {
      expect(split(text, size)).toEqual({
        lines: ['a {"x":"ü"}', '{"y":2}', '{"z":3}'],
        rejected: 0,
        defect: null,
        shape: 'lines',
      });
    }
  });

  test('without a break at the end are taken when whole, and named when cut off', () => {
    expect(split('{"a":1}\n{"b":2}', 4)).toMatchObject({ lines: ['{"a":1}', '{"b":2}'], defect: null });
    expect(split('{"a":1}\n{"b":', 4)).toMatchObject({
      lines: ['{"a":1}', '{"b":'],
      defect: 'the last line (2) is cut off',
    });
  });

  test('that are too long are counted and the next one is read', () => {
    const long = `{"a":"${'x'.repeat(1_100_000)}"}`;
    for (const size of [1000, 300_000, 2_000_000]) {
      expect(split(`{"b":1}\n${long}\n{"c":1}\n`, size)).toMatchObject({
        lines: ['{"b":1}', '{"c":1}'],
        rejected: 1,
        defect: null,
      });
    }
  });

  test('of an empty file are none, and nothing is wrong with it', () => {
    expect(split('', 1)).toEqual({ lines: [], rejected: 0, defect: null, shape: null });
  });
});

/** One line as Vault 1.19 writes it, with what the test is about. */
function line(request: object, more: object = {}): Buffer {
  const entry = {
    time: '2026-06-30T23:59:59.123456789Z',
    type: 'response',
    auth: {
      display_name: 'approle',
      entity_id: 'e-1',
      policies: ['default', 'orders'],
      token_type: 'service',
    },
    request: {
      id: 'r-1',
      operation: 'update',
      namespace: { id: 'root' },
      remote_address: '10.0.0.1',
      ...request,
    },
    ...more,
  };
  return Buffer.from(`vault-0 ${JSON.stringify(entry)}`);
}
const read = (request: object, more: object = {}) => vaultAuditFormat.read(line(request, more), 'c1');

describe('entries', () => {
  test('of uses name the key by namespace, mount and name', () => {
    const cases: [object, string, string][] = [
      [{ path: 'transit/encrypt/orders' }, 'vault://c1/root/transit/keys/orders', 'encrypt'],
      [{ path: 'team/transit/sign/k/sha2-256' }, 'vault://c1/root/team/transit/keys/k', 'sign'],
      [{ path: 'transit/datakey/plaintext/k' }, 'vault://c1/root/transit/keys/k', 'datakey/plaintext'],
      [
        { path: 'transit/decrypt/k', namespace: { id: 'x', path: 'team/one/' } },
        'vault://c1/team%2Fone/transit/keys/k',
        'decrypt',
      ],
      // OpenBao names the mount from the root namespace on, Vault within its own.
      ...['team/one/transit/', 'transit/'].map((mount_point): [object, string, string] => [
        { path: 'transit/decrypt/k', namespace: { id: 'x', path: 'team/one/' }, mount_point },
        'vault://c1/team%2Fone/transit/keys/k',
        'decrypt',
      ]),
      [
        {
          path: 'team/one/transit/decrypt/k',
          namespace: { id: 'x', path: 'team/one/' },
          mount_point: 'team/one/team/one/transit/',
        },
        'vault://c1/team%2Fone/team/one/transit/keys/k',
        'decrypt',
      ],
      [
        { path: 'transit/export/encryption-key/k/1', operation: 'read' },
        'vault://c1/root/transit/keys/k',
        'export',
      ],
    ];
    for (const [request, key, name] of cases) {
      const [row] = read(request)!.rows(3);
      expect(row).toMatchObject({
        n: 3,
        key,
        name,
        change: false,
        account: 'c1',
        eventId: 'r-1',
        outcomeKnown: true,
      });
      expect(row!.time).toBe(Date.parse('2026-06-30T23:59:59.123Z'));
      expect(rightExercised('vault', name)).toBe(name === 'export' ? 'administer' : 'use');
    }
  });

  test('of changes say what was changed, with values in the clear', () => {
    const record = read({
      path: 'transit/keys/k/config',
      data: { deletion_allowed: true, auto_rotate_period: 'hmac-sha256:ab' },
    })!;
    expect(record.rows(0)[0]).toMatchObject({ name: 'keys/config', change: true });
    expect(record.change('vault://c1/root/transit/keys/k')).toMatchObject({
      subject: 'vault://c1/root/transit/keys/k',
      params: { deletion_allowed: true },
    });
    expect(read({ path: 'sys/audit/file', operation: 'delete' })!.change(null)).toMatchObject({
      subject: 'c1/file/',
    });
    expect(read({ path: 'sys/policies/acl/x' })!.change(null)).toMatchObject({ subject: 'c1' });
  });

  test('that concern no key and no change are counted, not kept', () => {
    for (const request of [
      { path: 'secret/data/keys/x', mount_type: 'kv', mount_point: 'secret/' },
      { path: 'transit/keys/k', operation: 'read' },
      { path: 'sys/policies/acl/x', operation: 'read' },
      { path: 'auth/token/lookup-self', operation: 'read' },
    ]) {
      expect(read(request)).toMatchObject({ relevant: false });
    }
    const raw = line({ path: 'secret/data/app' });
    const fields = {
      sourceStart: 0,
      sourceEnd: raw.length,
      nameStart: 0,
      nameEnd: 0,
      timeStart: 0,
      timeEnd: 0,
    };
    expect(vaultAuditFormat.irrelevantTime!(raw, fields)).toBe('2026-06-30T23:59:59Z');
    expect(vaultAuditFormat.irrelevantTime!(line({ path: 'transit/encrypt/k' }), fields)).toBeNull();
  });

  test('of a root token are all kept', () => {
    const root = { auth: { display_name: 'root', policies: ['root'] } };
    expect(read({ path: 'secret/data/app', operation: 'read' }, root)!.rows(0)[0]).toMatchObject({
      name: 'root-token/read',
      actorType: 'root token',
      principal: 'vault://c1/root-token',
    });
  });

  test('that are none are not taken for one', () => {
    for (const text of [
      '',
      'no json',
      '{"a":1}',
      '{"type":"request"}',
      '{"time":"x","type":"request","request":{"path":"p"}}',
    ]) {
      expect(vaultAuditFormat.read(Buffer.from(text))).toBeNull();
    }
  });
});
