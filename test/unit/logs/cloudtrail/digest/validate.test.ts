import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseObjectKey } from '../../../../../electron/logs/cloudtrail/digest/object-key.ts';
import { digestKeys } from '../../../../../electron/logs/cloudtrail/digest/public-keys.ts';
import type { DigestInput, DigestRow } from '../../../../../electron/logs/cloudtrail/digest/types.ts';
import { validateDigests } from '../../../../../electron/logs/cloudtrail/digest/validate.ts';
import {
  BUCKET,
  chain,
  digestKey,
  logKey,
  REGION,
  signingKey,
  START,
  type Made,
  type SigningKey,
} from '../../digest-signer.ts';
import { ACCOUNT } from '../../records.ts';

const HOUR = 3_600_000;
const key = signingKey();
const keysOf = (...keys: SigningKey[]) =>
  digestKeys([{ region: REGION, body: { PublicKeyList: keys.map((k) => k.item) } }]);

function validate(made: readonly Made[], over: Partial<DigestInput> = {}) {
  const input: DigestInput = {
    digests: made.map((m) => m.digest),
    logs: made.map((m) => m.log),
    failures: new Map(),
    keys: keysOf(key),
    from: START,
    ...over,
  };
  return validateDigests(input);
}

const of = (rows: readonly DigestRow[], object: string) => rows.find((row) => row.object === object);
const faults = (rows: readonly DigestRow[]) =>
  rows.filter((r) => r.result !== 'valid').map((r) => [r.kind, r.object, r.result]);

describe('a digest chain', () => {
  it('is valid when every signature, link and hash fits, whatever the form of the public key', () => {
    for (const type of ['pkcs1', 'spki'] as const) {
      const signer = signingKey(type);
      const rows = validate(chain({ key: signer, hours: 4 }), { keys: keysOf(signer) });
      expect(rows).toHaveLength(8);
      expect(faults(rows)).toEqual([]);
      expect(of(rows, digestKey(2))).toMatchObject({
        ...{ account: ACCOUNT, region: REGION, trail: 'main', reason: null, seq: 1002 },
        ...{ first: START + 2 * HOUR, last: START + 3 * HOUR },
      });
    }
  });

  it('is valid in any order of reading', () => {
    expect(faults(validate(chain({ key, hours: 4 }).reverse()))).toEqual([]);
  });

  it('is invalid where a digest was changed, and its log file is then not verifiable', () => {
    const made = chain({ key, hours: 3 });
    const text = gunzipSync(made[1]!.digest.body).toString().replace('T02:00:00Z', 'T02:30:00Z');
    made[1]!.digest.body = gzipSync(text);
    const rows = validate(made);
    expect(of(rows, digestKey(1))).toMatchObject({ result: 'invalid' });
    expect(of(rows, digestKey(1))!.reason).toContain('signature does not fit');
    expect(of(rows, logKey(1))).toMatchObject({
      result: 'not verifiable',
      reason: 'its digest is not valid',
    });
    // The next one was made after another digest than the one that lies there.
    expect(of(rows, digestKey(2))!.reason).toContain('has another hash than it says');
    expect(of(rows, digestKey(0))).toMatchObject({ result: 'valid' });
  });

  it('is invalid where a digest was signed by another key under the same fingerprint', () => {
    const forger = { ...signingKey(), fingerprint: key.fingerprint };
    const rows = validate(chain({ key: forger, hours: 1 }));
    expect(of(rows, digestKey(0))!.reason).toContain('signature does not fit');
  });

  it('is invalid where a digest was moved', () => {
    const made = chain({ key, hours: 2 });
    made[1]!.digest.object = digestKey(5);
    expect(of(validate(made), digestKey(1))).toMatchObject({
      result: 'invalid',
      reason: `it was moved: it says that it is ${BUCKET}/${digestKey(1)}`,
    });
    const elsewhere = chain({ key, hours: 1 });
    elsewhere[0]!.digest.bucket = 'another-bucket';
    expect(of(validate(elsewhere), digestKey(0))!.result).toBe('invalid');
  });

  it('is invalid where the link to the digest before does not fit, though the signature does', () => {
    const [a] = chain({ key, hours: 1, change: (_, s) => (s.newestEventTime = 'other') });
    const [, b] = chain({ key, hours: 2 });
    expect(of(validate([a!, b!]), digestKey(1))).toMatchObject({ result: 'invalid' });
    const resigned = chain({ key, hours: 2 });
    resigned[0]!.digest.signature = chain({ key: signingKey(), hours: 1 })[0]!.digest.signature;
    expect(of(validate(resigned), digestKey(1))!.reason).toContain('another signature');
  });

  it('is incomplete where a digest is gone', () => {
    const made = chain({ key, hours: 4 });
    const rows = validate(made, { digests: made.filter((_, i) => i !== 1).map((m) => m.digest) });
    expect(faults(rows)).toEqual([
      ['digest', digestKey(1), 'missing'],
      ['log', logKey(1), 'undigested'],
    ]);
    expect(of(rows, digestKey(1))).toMatchObject({ first: START + HOUR, last: START + 2 * HOUR, seq: null });
  });

  it('may begin before what was read, but not inside the period', () => {
    const made = chain({ key, hours: 3 }).slice(1);
    const before = validate(made, { from: START + HOUR });
    expect(faults(before)).toEqual([]);
    expect(faults(validate(made, { from: START }))).toEqual([['digest', digestKey(0), 'missing']]);
  });

  it('says the refusal where an object could not be read', () => {
    const made = chain({ key, hours: 3 });
    const rows = validate(made, {
      digests: made.filter((_, i) => i !== 1).map((m) => m.digest),
      logs: made.slice(1).map((m) => m.log),
      failures: new Map([
        [digestKey(1), 'AccessDenied'],
        [logKey(0), 'NoSuchKey'],
      ]),
    });
    expect(of(rows, digestKey(1))!.reason).toBe('it could not be read (AccessDenied)');
    expect(of(rows, logKey(0))).toMatchObject({
      result: 'missing',
      reason: 'it could not be read (NoSuchKey)',
    });
  });

  it('that begins anew is valid, and says what was not delivered in between', () => {
    const made = chain({ key, hours: 4, restarts: [3] }).filter((_, i) => i !== 2);
    const rows = validate(made);
    expect(faults(rows)).toEqual([]);
    expect(of(rows, digestKey(3))!.reason).toContain('from 2026-01-01T02:00:00Z to 2026-01-01T03:00:00Z');
  });

  it('is not verifiable without the public key, without the metadata, or with an unknown algorithm', () => {
    const made = chain({ key, hours: 1 });
    const reason = (over: Partial<DigestInput>) => of(validate(made, over), digestKey(0))!;
    expect(reason({ keys: digestKeys([]) })).toMatchObject({ result: 'not verifiable' });
    expect(reason({ keys: digestKeys([]) }).reason).toContain('none were obtained');
    expect(reason({ keys: keysOf(signingKey()) }).reason).toContain('none of them has the fingerprint');
    expect(
      reason({ keys: digestKeys([{ region: 'us-east-1', body: { PublicKeyList: [key.item] } }]) }).result,
    ).toBe('not verifiable');
    const digest = made[0]!.digest;
    expect(reason({ digests: [{ ...digest, noMetadata: 'no metadata here' }] })).toMatchObject({
      result: 'not verifiable',
      reason: 'no metadata here',
    });
    expect(reason({ digests: [{ ...digest, algorithm: 'SHA512withRSA' }] }).result).toBe('not verifiable');
    expect(reason({ digests: [{ ...digest, signature: null }] })).toMatchObject({ result: 'invalid' });
    expect(reason({ digests: [{ ...digest, signature: 'zz' }] })).toMatchObject({ result: 'invalid' });
  });

  it('is invalid where a digest is no digest', () => {
    const digest = (text: string) => ({ ...chain({ key, hours: 1 })[0]!.digest, body: Buffer.from(text) });
    const reasons = ['{', '{}', '{"digestPublicKeyFingerprint":"a"}'].map(
      (text) => of(validate([], { digests: [digest(text)] }), digestKey(0))!.reason,
    );
    expect(reasons).toEqual([
      'it is not JSON',
      'it has no digestPublicKeyFingerprint',
      'it has no digestS3Bucket',
    ]);
  });

  it('of backfill digests stands by itself, and its log files count as named', () => {
    const made = chain({ key, hours: 2, suffix: '_backfill' });
    expect(faults(validate(made))).toEqual([]);
    expect(parseObjectKey(digestKey(0, '_backfill'))).toMatchObject({
      kind: 'digest',
      trail: 'main',
      backfill: true,
    });
  });
});

describe('a log file', () => {
  it('is invalid when its content is not what its digest says, missing when it is gone', () => {
    const made = chain({ key, hours: 3 });
    made[0]!.log.sha256 = 'ab'.repeat(32);
    made[0]!.log.failure = 'the gzip data is cut off, at byte 9';
    const rows = validate(made, { logs: made.slice(0, 2).map((m) => m.log) });
    expect(of(rows, logKey(0))).toMatchObject({ result: 'invalid' });
    expect(of(rows, logKey(0))!.reason).toContain('it was changed');
    expect(of(rows, logKey(0))!.reason).toContain('cut off');
    expect(of(rows, logKey(1))).toMatchObject({ result: 'valid' });
    expect(of(rows, logKey(2))).toMatchObject({
      result: 'missing',
      seq: null,
      last: START + 2 * HOUR + 240_000,
    });
  });

  it('that no digest names is undigested, unless it is too new or there are no digests at all', () => {
    const made = chain({ key, hours: 3 });
    const digests = made.map((m) => m.digest);
    const extra = { ...made[1]!.log, object: logKey(1).replace('abcdefgh', 'zzzzzzzz'), seq: 77 };
    const newer = { ...made[1]!.log, object: logKey(9), seq: 78 };
    const rows = validate(made, { digests, logs: [...made.map((m) => m.log), extra, newer] });
    expect(faults(rows)).toEqual([
      ['log', extra.object, 'undigested'],
      ['log', newer.object, 'not verifiable'],
    ]);
    expect(of(validate(made, { digests: [] }), logKey(0))).toMatchObject({ result: 'not verifiable' });
  });

  it('from before the period need not be there', () => {
    const made = chain({ key, hours: 2 });
    const rows = validate(made, { logs: [made[1]!.log], from: START + HOUR });
    expect(faults(rows)).toEqual([]);
  });

  it('that was imported is found by its name, in any folder, unpacked or not', () => {
    const made = chain({ key, hours: 2 });
    const name = (object: string) => object.split('/').at(-1)!;
    const rows = validate(made, {
      digests: made.map(({ digest }) => ({
        ...digest,
        bucket: null,
        object: `C:\\client\\${name(digest.object)}`,
      })),
      logs: made.map(({ log }, i) => ({
        ...log,
        bucket: null,
        object: `/x/${name(log.object).slice(0, i ? undefined : -3)}`,
      })),
    });
    expect(faults(rows)).toEqual([]);
    expect(rows).toHaveLength(4);
  });
});
