import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { methods, type MethodName } from '../../../electron/api/contract.ts';
import { ApiError, apiErrorShape } from '../../../electron/api/error.ts';
import { clientMessage, hostMessage } from '../../../electron/api/wire.ts';
import { reads } from '../../../electron/engine/reads/index.ts';
import { works } from '../../../electron/engine/works/index.ts';
import { failureOf } from '../../../electron/engine/service/failure.ts';
import { Refusal } from '../../../electron/engine/service/refusal.ts';
import { EngagementError } from '../../../db/error.ts';

const names = Object.keys(methods) as MethodName[];

describe('the contract', () => {
  it('has a handler for every method, and no handler without one', () => {
    const inPlace = (place: string) => names.filter((name) => methods[name].place === place).sort();
    expect(Object.keys(reads).sort()).toEqual(inPlace('read'));
    expect(Object.keys(works).sort()).toEqual(inPlace('engine'));
  });

  it.each(names)('%s refuses members that it does not know', (name) => {
    const schema = z.toJSONSchema(methods[name].input, { io: 'input', unrepresentable: 'any' });
    expect(schema.type).toBe('object');
    expect(schema.additionalProperties).toBe(false);
  });

  it.each(names.filter((name) => 'next' in ((methods[name].output as z.ZodObject).shape ?? {})))(
    '%s gives pages of at most 500 rows, asked for by key',
    (name) => {
      const input = methods[name].input as unknown as z.ZodObject;
      expect(input.shape).toHaveProperty('after');
      const { rows } = (methods[name].output as unknown as z.ZodObject<{ rows: z.ZodArray }>).shape;
      expect(rows.safeParse(new Array(501).fill(null)).error?.issues.map(({ code }) => code)).toContain(
        'too_big',
      );
      expect((input.shape.limit as z.ZodType).safeParse(501).success).toBe(false);
    },
  );
});

describe('messages of the bridge', () => {
  it('come out as they went in', () => {
    const call = { type: 'call', id: 7, name: 'keys.query', input: { limit: 3, filter: { search: 'é' } } };
    expect(clientMessage.parse(JSON.parse(JSON.stringify(call)))).toEqual(call);
    const event = { type: 'event', event: { event: 'engagement', file: null } };
    expect(hostMessage.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it.each([
    [null],
    ['call'],
    [{ type: 'call', id: 0, name: 'app.info', input: {} }],
    [{ type: 'call', id: 1, name: 'x'.repeat(101), input: {} }],
    [{ type: 'call', id: 1, name: 'app.info', input: {}, more: 1 }],
    [{ type: 'call', id: 1, name: 'app.info', input: () => 1 }],
    [{ type: 'answer', id: 1, output: {} }],
  ])('refuse %j from a window', (message) => {
    expect(clientMessage.safeParse(message).success).toBe(false);
  });
});

describe('failures that cross the bridge', () => {
  it.each([
    [new Refusal('refused', 'BUSY', 'cannot do that: busy.'), 'refused', 'BUSY'],
    [new EngagementError('NEWER_VERSION', 'cannot open x: newer.'), 'failed', 'NEWER_VERSION'],
    [z.strictObject({}).safeParse({ a: 1 }).error!, 'input', 'BAD_INPUT'],
    [Object.assign(new Error('stop'), { name: 'AbortError' }), 'cancelled', 'CANCELLED'],
    [new Error('cannot read the table: it is empty.'), 'failed', 'FAILED'],
    [new TypeError('x is not a function'), 'bug', 'UNEXPECTED'],
    ['text', 'bug', 'UNEXPECTED'],
  ])('%s', (error, kind, code) => {
    const shape = failureOf(error);
    expect(apiErrorShape.parse(shape)).toMatchObject({ kind, code });
    expect(shape.details === null).toBe(kind !== 'bug' || typeof error === 'string');
    expect(failureOf(new ApiError(shape))).toEqual(shape);
  });
});
