import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { CardFacts } from '../../../../electron/pack/cards/card-facts.ts';
import { cardHeight, drawCard } from '../../../../electron/pack/cards/draw-card.ts';
import { cardFiles } from '../../../../electron/pack/exhibits/cards.ts';
import { smallSnapshot } from '../../../support/small-snapshot.ts';

const facts: CardFacts = {
  key: 'arn:aws:kms:eu-west-1:111122223333:key/k1',
  nativeId: 'k1',
  title: 'alias/payments <&> "münze"\u0000',
  client: 'Acme',
  period: '2026-01-01 to 2026-06-30',
  operator: 'Ann',
  sample: false,
  at: '2026-07-01T10:00:00.000Z',
  rows: [['Key id', 'k1']],
  responses: [
    {
      operation: 'DescribeKey',
      status: 'ok',
      entry: 7,
      at: '2026-07-01T10:00:00.000Z',
      requestId: 'r-1',
      sha256: 'ab'.repeat(32),
    },
  ],
};

describe('a configuration card', () => {
  it('is well-formed, says what it is and when, and has each response with its whole hash', () => {
    const svg = `<svg>${drawCard(facts, 0)}</svg>`;
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).toContain('Rendered from API responses, not a console screenshot');
    expect(svg).toContain('as of 2026-07-01 10:00:00 UTC');
    expect(svg).toContain('ab'.repeat(32));
    expect(svg).toContain('>r-1<');
    expect(svg).not.toContain('SAMPLE');
    expect(drawCard({ ...facts, sample: true }, 0)).toContain('SAMPLE — NOT EVIDENCE');
  });

  it('has room for every response', () => {
    const many = { ...facts, responses: Array.from({ length: 30 }, () => facts.responses[0]!) };
    const lines = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(
      `<svg>${drawCard(many, 0)}</svg>`,
    ) as { svg: { g: { text: { y: string }[] } } };
    const lowest = Math.max(...lines.svg.g.text.map((t) => Number(t.y)));
    expect(lowest).toBeLessThan(cardHeight(many) - 8);
  });
});

describe('the cards of a snapshot', () => {
  it('are one a key, and sheets with every key when there are too many for files', async () => {
    const { db } = await smallSnapshot();
    const insert = db.prepare(
      `INSERT INTO key (snapshot, id, provider, source, basis, account, region, native_id, belongs, rotation_enabled, rules)
       VALUES ('s1', ?, 'vault', 'v', 'observed', 'cluster', '', ?, 'inventory', ?, 1)`,
    );
    for (let i = 0; i < 3; i++) insert.run(`k${i}`, i < 2 ? 'transit/keys/Same' : 'transit/keys/same', 1);
    const few = cardFiles(db, 's1');
    expect(few).toHaveLength(3);
    expect(new Set(few.map((f) => f.path.toLowerCase())).size).toBe(3);
    const once = few.map((f) => f.content());
    expect(cardFiles(db, 's1').map((f) => f.content())).toEqual(once);

    for (let i = 3; i < 12_345; i++) insert.run(`k${i}`, `key-number-${i}-`, 0);
    const sheets = cardFiles(db, 's1');
    expect(sheets.length).toBeLessThanOrEqual(200);
    const text = sheets.map((f) => f.content() as string).join('');
    for (const i of [3, 9_999, 12_344]) expect(text).toContain(`>key-number-${i}-<`);
    expect(text.match(/<g transform/g)).toHaveLength(12_345);
  });

  it('say that rotation is not known, and why, when the call was refused', async () => {
    const { db } = await smallSnapshot();
    db.exec(`INSERT INTO key (snapshot, id, provider, source, basis, account, region, native_id, belongs, rules)
             VALUES ('s1', 'k', 'aws', 'a', 'observed', '1', 'r', 'k', 'inventory', 1);
             INSERT INTO key_answer (snapshot, key, op, status, code, rules)
             VALUES ('s1', 'k', 'GetKeyRotationStatus', 'denied', 'AccessDeniedException', 1)`);
    const [card] = cardFiles(db, 's1').map((f) => f.content() as string);
    expect(card).toContain('not known: GetKeyRotationStatus denied (AccessDeniedException)');
    expect(card).not.toMatch(/not enabled/);
  });
});
