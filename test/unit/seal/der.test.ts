import { hash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { integerHex, oidOf, octetsOf, parseAsn, timeOf } from '../../../electron/seal/der/read.ts';
import {
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  x509Time,
} from '../../../electron/seal/der/write.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('DER', () => {
  test('object identifiers keep their arcs, also large ones', () => {
    const arc = fc.integer({ min: 0, max: 2 ** 31 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 39 }),
        fc.array(arc, { minLength: 1, maxLength: 8 }),
        (first, second, rest) => {
          const dotted = [first, second, ...rest].join('.');
          expect(oidOf(parseAsn(objectIdentifier(dotted), 'x'), 'x')).toBe(dotted);
        },
      ),
      { numRuns: 200 },
    );
    expect(hex(objectIdentifier('1.2.840.113549.1.7.2'))).toBe('06092a864886f70d010702');
  });

  test('integers are minimal and never negative', () => {
    expect(hex(integer(0))).toBe('020100');
    expect(hex(integer(127))).toBe('02017f');
    expect(hex(integer(128))).toBe('02020080');
    expect(hex(integer(Uint8Array.of(0, 0, 0x80)))).toBe('02020080');
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 160n }), (value) => {
        expect(BigInt(`0x${integerHex(parseAsn(integer(value), 'x'), 'x')}`)).toBe(value);
      }),
    );
  });

  test('lengths take one, two and three octets', () => {
    expect(hex(octetString(new Uint8Array(127)).subarray(0, 2))).toBe('047f');
    expect(hex(octetString(new Uint8Array(128)).subarray(0, 3))).toBe('048180');
    expect(hex(octetString(new Uint8Array(70_000)).subarray(0, 5))).toBe('0483011170');
  });

  test('SET OF is in ascending order whatever the order given', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (values) => {
        const members = values.map(octetString);
        expect(hex(setOf(...members))).toBe(hex(setOf(...[...members].reverse())));
      }),
    );
  });

  test('times are read back to the second, in both forms', () => {
    for (const time of [
      '1950-01-01T00:00:00Z',
      '2049-12-31T23:59:59Z',
      '2050-01-01T00:00:00Z',
      '2026-02-28T12:30:01Z',
    ]) {
      expect(timeOf(parseAsn(x509Time(new Date(time)), 'x'), 'x').toISOString()).toBe(
        new Date(time).toISOString(),
      );
    }
    expect(hex(x509Time(new Date('2050-01-01T00:00:00Z'))).startsWith('180f')).toBe(true);
    expect(hex(generalizedTime(new Date('2026-07-01T10:00:00.999Z')))).toBe(
      '180f' + Buffer.from('20260701100000Z').toString('hex'),
    );
  });

  test('a fraction of a second is kept to the millisecond', () => {
    const text = Buffer.from('20260701100000.5Z');
    const der = Buffer.concat([Buffer.from([0x18, text.length]), text]);
    expect(timeOf(parseAsn(der, 'x'), 'x').toISOString()).toBe('2026-07-01T10:00:00.500Z');
  });

  test.each(['20260230100000Z', '20261301100000Z', '20260701100000+0200', '202607011000Z'])(
    'the time %s is refused',
    (text) => {
      const der = Buffer.concat([Buffer.from([0x18, text.length]), Buffer.from(text)]);
      expect(() => timeOf(parseAsn(der, 'x'), 'x')).toThrow(/cannot read x/);
    },
  );

  test('bytes after the end are refused unless they are the zeros of a PDF hole', () => {
    const der = sequence(integer(1));
    expect(() => parseAsn(Buffer.concat([der, Buffer.from([1])]), 'x', { trailing: 'zeros' })).toThrow(
      /1 bytes follow/,
    );
    expect(() => parseAsn(Buffer.concat([der, Buffer.alloc(9)]), 'x')).toThrow(/9 bytes follow/);
    expect(hex(parseAsn(Buffer.concat([der, Buffer.alloc(9)]), 'x', { trailing: 'zeros' }).der)).toBe(
      hex(der),
    );
  });

  test('an octet string that BER splits is joined', () => {
    const split = Buffer.from('24800402616204026364' + '0000', 'hex');
    expect(hash('sha256', octetsOf(parseAsn(split, 'x'), 'x'))).toBe(hash('sha256', 'abcd'));
  });
});
