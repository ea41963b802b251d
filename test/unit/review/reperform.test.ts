import { describe, expect, it } from 'vitest';
import { differences } from '../../../electron/review/reperform/compare-answers.ts';
import { nextToken, tokenOf, withoutToken } from '../../../electron/review/reperform/pages.ts';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const diff = (a: unknown, b: unknown) => differences(json(a), json(b));

describe('two answers', () => {
  it.each([
    ['order of members and of lists', { a: 1, b: [{ x: 1 }, { x: 2 }] }, { b: [{ x: 2 }, { x: 1 }], a: 1 }],
    ['request ids and tokens of pages', { Keys: [], NextMarker: 'a' }, { Keys: [], NextMarker: 'b' }],
  ])('are the same whatever the %s', (_, a, b) => {
    expect(diff(a, b)).toEqual([]);
  });

  it.each([
    ['a member', { K: { State: 'Enabled', n: 1 } }, { K: { State: 'Disabled', n: 1 } }, ['/K/State']],
    ['an item that is gone', { K: [{ id: 1 }, { id: 2 }] }, { K: [{ id: 1 }] }, ['/K/1 (gone)']],
    ['an item that came', { K: [{ id: 1 }] }, { K: [{ id: 1 }, { id: 2 }] }, ['/K (added)']],
    ['one of two equal items', { K: [1, 1] }, { K: [1] }, ['/K/1 (gone)']],
    ['a member that is new', { a: 1 }, { a: 1, b: null }, ['/b']],
  ])('differ in %s', (_, a, b, places) => {
    expect(diff(a, b)).toEqual(places);
  });

  it('are compared as XML too, without the id of the request', () => {
    const xml = (user: string, id: string) =>
      Buffer.from(
        `<R><Result><User>${user}</User></Result><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></R>`,
      );
    expect(differences(xml('ann', '1'), xml('ann', '2'))).toEqual([]);
    expect(differences(xml('ann', '1'), xml('bob', '1'))).toEqual(['/R/Result/User']);
  });

  it('that are neither are the same only with the same bytes', () => {
    expect(differences(Buffer.from('x'), Buffer.from('x'))).toEqual([]);
    expect(differences(Buffer.from('x'), Buffer.from('y'))).toBeNull();
  });
});

describe('pages', () => {
  it('know what asks for the next one, and who names it', () => {
    expect(tokenOf({ Limit: 100, Marker: 'm' })).toBe('Marker');
    expect(tokenOf({ Limit: 100 })).toBeNull();
    expect(withoutToken({ Limit: 100, NextToken: 't' })).toEqual({ Limit: 100 });
    expect(nextToken('Marker', { NextMarker: 'n' })).toBe('n');
    expect(nextToken('NextToken', { NextToken: '' })).toBeNull();
  });
});
