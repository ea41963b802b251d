import { describe, expect, it } from 'vitest';
import { buildCompany, keyOf } from '../../../electron/sandbox/company/company.ts';
import { SandboxError } from '../../../electron/sandbox/company/frame.ts';
import { randomFor } from '../../../electron/sandbox/company/random.ts';
import { DAY, trailDate } from '../../../electron/sandbox/company/time.ts';
import type { Company } from '../../../electron/sandbox/company/types.ts';

const asOf = '2026-11-24T00:00:00Z';
const company = buildCompany({ asOf });
const inPeriod = (c: Company, eventName: string, story: string): number[] =>
  c.history
    .filter(
      (change) =>
        change.eventName === eventName && change.keyArn === keyOf(c, story).arn && change.at >= c.period.from,
    )
    .map((change) => change.at);

describe('the sample company', () => {
  it('is the same to the byte for the same seed and date, and another for another seed', () => {
    const text = JSON.stringify(company);
    expect(JSON.stringify(buildCompany({ asOf }))).toBe(text);
    expect(JSON.stringify(buildCompany({ asOf, seed: 'other' }))).not.toBe(text);
  });

  it('tells every story in order whatever the seed, the date and the length of the period', () => {
    for (let i = 0; i < 40; i++) {
      const c = buildCompany({
        seed: `seed ${i}`,
        asOf: i % 2 ? '2024-02-29' : '2027-01-01',
        periodDays: i % 3 ? 60 : 365,
      });
      expect(c.history.every((change, n) => n === 0 || c.history[n - 1]!.at <= change.at)).toBe(true);
      expect(c.history.at(-1)!.at).toBeLessThanOrEqual(c.now);
    }
  });

  it('gives no two changes the same event id and no two keys of one Region the same key id', () => {
    expect(new Set(company.history.map((change) => change.eventId)).size).toBe(company.history.length);
    expect(new Set(company.keys.map((key) => key.arn)).size).toBe(company.keys.length);
  });

  it('keeps its truth table true of the keys it points to', () => {
    expect(company.truthTable).toHaveLength(10);
    for (const row of company.truthTable) {
      const key = keyOf(company, row.story);
      expect(key.arn).toBe(row.keyArn);
      if (row.rotation === 'on' || row.rotation === 'off')
        expect(key.rotation?.enabled).toBe(row.rotation === 'on');
      if (row.rotation === 'not-eligible') expect(key.spec).not.toBe('SYMMETRIC_DEFAULT');
      if (row.rotation === 'not-possible') expect(key.origin).toBe('EXTERNAL');
      if (row.rotation === 'disabled') expect(key.state).toBe('Disabled');
      if (row.rotation === 'pending-deletion') expect(key.state).toBe('PendingDeletion');
      expect(key.lastUse !== undefined).toBe(row.everUsed);
      expect(
        key.grants.some(
          (grant) => grant.operations.includes('CreateGrant') && grant.constraints === undefined,
        ),
      ).toBe(row.riskyGrant);
    }
  });

  it('turned one rotation off for three weeks of the period although it is on today', () => {
    const key = keyOf(company, 'rotation-paused');
    const [off] = inPeriod(company, 'DisableKeyRotation', 'rotation-paused');
    const [on] = inPeriod(company, 'EnableKeyRotation', 'rotation-paused');
    expect(key.rotation?.enabled).toBe(true);
    expect((on! - off!) / DAY).toBeCloseTo(21, -1);
    expect(key.rotation?.nextAt).toBe(on! + 365 * DAY);
  });

  it('has a RotateKey event for each rotation that the key material shows', () => {
    for (const key of company.keys.filter(
      (k) => k.manager === 'CUSTOMER' && k.multiRegion?.type !== 'REPLICA',
    )) {
      const rotations = company.history.filter(
        (change) => change.eventName === 'RotateKey' && change.keyArn === key.arn,
      );
      expect(rotations.map((change) => change.serviceEventDetails?.currentKeyMaterialId)).toEqual(
        key.materials.filter((material) => material.rotatedAt !== undefined).map((material) => material.id),
      );
    }
  });

  it('never let a rotating, enabled key grow older than its period', () => {
    const key = keyOf(company, 'rotation-90');
    const dates = [key.createdAt, ...key.materials.flatMap((material) => material.rotatedAt ?? [])];
    expect(dates.length).toBeGreaterThan(6);
    dates.slice(2).forEach((at, i) => expect((at - dates[i + 1]!) / DAY).toBeLessThan(90.2));
  });

  it('deleted two keys in the period, one of them also created in it', () => {
    const gone = company.keys.filter((key) => key.deletedAt !== undefined);
    expect(gone.map((key) => key.story).sort()).toEqual([
      'created-and-deleted-in-period',
      'deleted-in-period',
    ]);
    for (const key of gone) {
      expect(inPeriod(company, 'DeleteKey', key.story)).toEqual([key.deletedAt]);
      expect(inPeriod(company, 'ScheduleKeyDeletion', key.story)).toHaveLength(1);
    }
    expect(keyOf(company, 'created-and-deleted-in-period').createdAt).toBeGreaterThan(company.period.from);
  });

  it('opened one key policy to everybody for nine days and closed it again', () => {
    const policies = company.history.filter(
      (change) =>
        change.eventName === 'PutKeyPolicy' &&
        change.keyArn === keyOf(company, 'policy-open-for-nine-days').arn,
    );
    expect(
      policies.map((change) => String(change.requestParameters?.policy).includes('"Principal":"*"')),
    ).toEqual([true, false]);
    expect(keyOf(company, 'policy-open-for-nine-days').policy).not.toContain('"Principal" : "*"');
  });

  it('uses no key outside the time in which it could be used', () => {
    for (const key of company.keys.filter((k) => k.lastUse)) {
      expect(key.lastUse!.at).toBeGreaterThanOrEqual(key.usedFrom);
      expect(key.lastUse!.at).toBeLessThan(key.usedTo);
      expect(key.lastUse!.at % 1000).toBe(0);
    }
    expect(keyOf(company, 'disabled-in-period').lastUse!.at).toBeLessThan(
      inPeriod(company, 'DisableKey', 'disabled-in-period')[0]!,
    );
  });

  it('holds as many keys as asked for, in the Regions asked for', () => {
    const c = buildCompany({ asOf, keys: 500, catalogue: false, bulkRegions: ['eu-west-1'] });
    expect(c.keys).toHaveLength(500);
    expect(new Set(c.keys.map((key) => key.region))).toEqual(new Set(['eu-west-1']));
    expect(c.truthTable).toEqual([]);
    expect(
      buildCompany({ asOf, keys: 200 }).keys.filter(
        (key) => key.manager === 'CUSTOMER' && key.deletedAt === undefined,
      ),
    ).toHaveLength(200);
  });

  it('builds 100,000 keys', () => {
    expect(buildCompany({ asOf, keys: 100_000 }).keys.length).toBeGreaterThan(100_000);
  });

  it('refuses a date that is not UTC, a period too short for its stories, too many keys, and an unknown Region', () => {
    for (const options of [
      { asOf: 'yesterday' },
      { asOf: '2026-11-24T00:00:00+02:00' },
      { asOf, periodDays: 30 },
      { asOf, keys: 3 },
      { asOf, keys: 100_001 },
      { asOf, bulkRegions: ['af-south-1'] },
    ]) {
      expect(() => buildCompany(options)).toThrowError(SandboxError);
    }
    expect(() => buildCompany({ asOf, keys: 3 })).toThrowError(
      /^cannot build the sample company: keys is 3\. Use a whole number from 6\d to 100000\.$/,
    );
  });
});

describe('seeded randomness', () => {
  it('gives the same stream for the same words and spreads evenly', () => {
    expect(randomFor('a', 1).uuid()).toBe(randomFor('a', 1).uuid());
    expect(randomFor('a', 1).uuid()).not.toBe(randomFor('a', 2).uuid());
    const random = randomFor('evenness');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[random.int(10)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('gives no repeated ids among neighbouring names', () => {
    expect(
      new Set(Array.from({ length: 20_000 }, (_, i) => randomFor('meridian', 'key', `story-${i}`).uuid()))
        .size,
    ).toBe(20_000);
    expect(randomFor('x').uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('dates in CloudTrail answers', () => {
  it.each([
    ['2026-04-12T18:58:30Z', 'Apr 12, 2026, 6:58:30 PM'],
    ['2026-01-01T00:00:05Z', 'Jan 1, 2026, 12:00:05 AM'],
    ['2026-12-31T12:00:00Z', 'Dec 31, 2026, 12:00:00 PM'],
  ])('writes %s as %s', (iso, text) => expect(trailDate(Date.parse(iso))).toBe(text));
});
