import { describe, expect, it } from 'vitest';
import type { WritableDb } from '../../../../db/handle.ts';
import type { ControlFacts } from '../../../../electron/pack/exhibits/tests.ts';
import { assessmentResults } from '../../../../electron/pack/oscal/assessment-results.ts';
import { nameUuid } from '../../../../electron/pack/oscal/name-uuid.ts';
import { smallSnapshot } from '../../../support/small-snapshot.ts';

const control = (id: string): ControlFacts => ({
  id,
  title: `Test ${id}`,
  finding: 'rotation',
  criteria: ['CC6.1'],
  question: 'Is it?',
  method: 'Look.',
  permissions: [],
  remediation: 'Do.',
});

interface Document {
  'assessment-results': {
    results: {
      'local-definitions': { 'inventory-items'?: { uuid: string }[] };
      observations?: {
        uuid: string;
        description: string;
        types: string[];
        subjects: { 'subject-uuid': string }[];
      }[];
      findings?: {
        target: { 'target-id': string; status: { state: string } };
        'related-observations': { 'observation-uuid': string }[];
      }[];
    }[];
  };
}

function result(db: WritableDb, rows: [control: string, subject: string, result: string, reason: string][]) {
  const insert = db.prepare(
    `INSERT INTO test_result (snapshot, control, subject, subject_kind, at, result, reason, cites, rules)
     VALUES ('s1', ?, ?, 'key', 'collection', ?, ?, '[1]', 1)`,
  );
  for (const row of rows) insert.run(...row);
  const controls = [...new Set(rows.map(([id]) => id))].map(control);
  const text = Buffer.concat([...assessmentResults(db, 's1', controls)]).toString('utf8');
  return (JSON.parse(text) as Document)['assessment-results'].results[0]!;
}

describe('OSCAL assessment results', () => {
  it('have a finding for what was answered, and never one for what could not be determined', async () => {
    const { db } = await smallSnapshot();
    const { findings } = result(db, [
      ['good', 'k1', 'pass', 'on'],
      ['bad', 'k1', 'exception', 'off'],
      ['bad', 'k2', 'undetermined', 'refused'],
      ['open', 'k1', 'undetermined', 'refused'],
      ['half', 'k1', 'pass', 'on'],
      ['half', 'k2', 'undetermined', 'refused'],
      ['none', 'k1', 'not-applicable', 'another kind'],
    ]);
    expect(findings?.map((f) => [f.target['target-id'], f.target.status.state])).toEqual([
      ['good', 'satisfied'],
      ['bad', 'not-satisfied'],
    ]);
  });

  it('join equal results, keep every subject, and refer only to what is there', async () => {
    const { db } = await smallSnapshot();
    const { observations, findings, ...rest } = result(db, [
      ['c', 'k1', 'exception', 'off\n since May'],
      ['c', 'k2', 'exception', 'off\n since May'],
      ['c', 'k3', 'pass', 'on'],
    ]);
    expect(observations?.map((o) => o.subjects.length)).toEqual([2, 1]);
    expect(observations?.[0]?.description).toBe('off since May');
    const items = new Set(rest['local-definitions']['inventory-items']!.map((item) => item.uuid));
    for (const o of observations!)
      for (const s of o.subjects) expect(items.has(s['subject-uuid'])).toBe(true);
    const known = new Set(observations!.map((o) => o.uuid));
    for (const f of findings!)
      for (const o of f['related-observations']) expect(known.has(o['observation-uuid'])).toBe(true);
  });

  it('leave out lists that are empty', async () => {
    const { db } = await smallSnapshot();
    const empty = result(db, []);
    expect(empty).not.toHaveProperty('findings');
    expect(empty).not.toHaveProperty('observations');
  });
});

describe('a UUID from a name', () => {
  it('is the same each time, of version 5 and the standard variant, and another for another name', () => {
    expect(nameUuid('a')).toBe(nameUuid('a'));
    expect(nameUuid('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(nameUuid('a')).not.toBe(nameUuid('b'));
  });
});
