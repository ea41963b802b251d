import type { ReadableDb } from '../../../db/handle.ts';
import { currentEngagement, snapshots } from '../../engagement/current.ts';
import { VERSION } from '../../engine/version.ts';
import type { ControlFacts } from '../exhibits/tests.ts';
import { lastDay, firstDay } from '../pack-name.ts';
import { cite } from '../pdf/report/words.ts';
import { nameUuid } from './name-uuid.ts';

/*
 * OSCAL assessment results (NIST OSCAL 1.1.3, JSON). Equal results of one control are one observation with all its
 * subjects. A control has a finding only where a result was reached: OSCAL knows "satisfied" and "not satisfied" and no
 * third answer, and what could not be determined is neither.
 */

const OSCAL_VERSION = '1.1.3';
/** Namespace of our properties. */
const NS = 'urn:keywitness:oscal:1';

const TOOL = nameUuid('tool keywitness');

interface Pair {
  subject: string;
  kind: string;
  collection: string | null;
  period: string | null;
  reason: string;
  cites: string;
}

/** The document in pieces: no more than one control's results are in memory. */
export function* assessmentResults(
  db: ReadableDb,
  snapshot: string,
  controls: readonly ControlFacts[],
): Generator<Buffer> {
  const run = snapshots(db).find((s) => s.id === snapshot)!;
  const id = (name: string) => nameUuid(`${run.startedAt} ${snapshot} ${name}`);
  const collected = run.close?.endedAt ?? run.startedAt;
  const head = JSON.stringify(documentHead(db, id, collected));
  yield Buffer.from(`{"assessment-results":${head.slice(0, -1)},"results":[{`);
  yield Buffer.from(JSON.stringify(resultHead(db, run, controls, id, collected)).slice(1, -1));
  yield Buffer.from(`,"local-definitions":{"components":[${JSON.stringify(tool())}]`);
  yield* list('inventory-items', inventoryItems(db, snapshot, id));
  yield Buffer.from('}');
  yield* list('observations', observations(db, snapshot, controls, id, collected));
  yield* list('findings', findings(db, snapshot, controls, id));
  yield Buffer.from('}]');
  const backMatter = JSON.stringify({ 'back-matter': { resources: resources() } });
  yield Buffer.from(`,${backMatter.slice(1, -1)}}}\n`);
}

/** A member of an object that is an array; OSCAL allows none that is empty, so it is then left out. */
function* list(name: string, items: Iterable<unknown>): Generator<Buffer> {
  let separator = `,"${name}":[\n`;
  for (const item of items) {
    yield Buffer.from(separator + JSON.stringify(item));
    separator = ',\n';
  }
  if (separator === ',\n') yield Buffer.from(']');
}

function documentHead(db: ReadableDb, id: (name: string) => string, collected: string) {
  const { client, period, sample } = currentEngagement(db);
  const title = `Encryption key management: ${client}, ${firstDay(period)} to ${lastDay(period)}`;
  return {
    uuid: id('document'),
    metadata: {
      title: line(title),
      'last-modified': collected,
      version: '1',
      'oscal-version': OSCAL_VERSION,
      ...(sample ? { remarks: 'SAMPLE — NOT EVIDENCE' } : {}),
    },
    'import-ap': {
      href: `#${PROCEDURES}`,
      remarks: 'The assessment plan is the list of tests of controls with their methods.',
    },
  };
}

const PROCEDURES = nameUuid('controls.csv');
const RESULTS = nameUuid('results.csv');

function resources() {
  return [
    { uuid: PROCEDURES, title: 'Tests of controls and their methods', rlinks: [{ href: 'controls.csv' }] },
    { uuid: RESULTS, title: 'Every result', rlinks: [{ href: 'results.csv' }] },
  ];
}

function tool() {
  return {
    uuid: TOOL,
    type: 'software',
    title: 'Keywitness',
    description: 'Collects the evidence and runs the tests.',
    props: [property('version', VERSION)],
    status: { state: 'operational' },
  };
}

function resultHead(
  db: ReadableDb,
  run: { id: string; startedAt: string },
  controls: readonly ControlFacts[],
  id: (name: string) => string,
  collected: string,
) {
  const { criteria, client } = currentEngagement(db);
  const tested = [...new Set([...criteria, ...controls.flatMap((c) => c.criteria)])];
  return {
    uuid: id('result'),
    title: line(`Snapshot ${run.id} of ${client}`),
    description:
      'Procedures and their results. No opinion is given. A result that could not be determined is an observation and never a finding.',
    start: run.startedAt,
    end: collected,
    'reviewed-controls': {
      'control-selections': [
        tested.length > 0
          ? { 'include-controls': tested.map((criterion) => ({ 'control-id': token(criterion) })) }
          : { 'include-all': {} },
      ],
      ...(controls.length > 0
        ? {
            'control-objective-selections': [
              { 'include-objectives': controls.map((c) => ({ 'objective-id': token(c.id) })) },
            ],
          }
        : {}),
    },
  };
}

function* inventoryItems(db: ReadableDb, snapshot: string, id: (name: string) => string) {
  const subjects = db
    .prepare<[string], { subject: string; kind: string }>(
      'SELECT subject, min(subject_kind) AS kind FROM test_result WHERE snapshot = ? GROUP BY subject ORDER BY subject',
    )
    .iterate(snapshot);
  for (const { subject, kind } of subjects) {
    yield {
      uuid: id(`subject ${subject}`),
      description: line(`${kind} ${subject}`),
      props: [property('asset-id', subject)],
    };
  }
}

function* observations(
  db: ReadableDb,
  snapshot: string,
  controls: readonly ControlFacts[],
  id: (name: string) => string,
  collected: string,
) {
  const actor = { actors: [{ type: 'tool', 'actor-uuid': TOOL }] };
  for (const control of controls) {
    const groups = Map.groupBy(pairs(db, snapshot, control.id), groupName);
    for (const [name, members] of groups) {
      const [first] = members as [Pair, ...Pair[]];
      const cites = [...new Set(members.flatMap((m) => JSON.parse(m.cites) as number[]))];
      yield {
        uuid: id(`observation ${control.id} ${name}`),
        title: line(control.title),
        description: line(first.reason || control.question),
        props: [
          property('control', control.id),
          ...(first.collection ? [property('at-collection', first.collection)] : []),
          ...(first.period ? [property('throughout-the-period', first.period)] : []),
        ],
        methods: ['TEST'],
        types: ['control-objective', ...(isException(first) ? ['finding'] : [])],
        origins: [actor],
        subjects: members.map((m) => ({
          'subject-uuid': id(`subject ${m.subject}`),
          type: 'inventory-item',
        })),
        'relevant-evidence': [
          {
            href: '../ledger/entries.jsonl',
            description: cites.length > 0 ? `Ledger entries ${cite(cites)}` : 'No ledger entry answers it.',
          },
        ],
        collected,
      };
    }
  }
}

function* findings(
  db: ReadableDb,
  snapshot: string,
  controls: readonly ControlFacts[],
  id: (name: string) => string,
) {
  for (const control of controls) {
    const results = pairs(db, snapshot, control.id);
    const exceptions = results.filter(isException).length;
    const passed = results.filter((r) => r.collection === 'pass' || r.period === 'pass').length;
    const open = results.filter((r) => isOpen(r.collection) || isOpen(r.period)).length;
    // Passed for some and open for others is no answer for the control as a whole.
    if (exceptions === 0 && (passed === 0 || open > 0)) continue;
    const names = new Set(results.filter((r) => exceptions === 0 || isException(r)).map(groupName));
    yield {
      uuid: id(`finding ${control.id}`),
      title: line(control.title),
      description:
        exceptions > 0
          ? `${exceptions} exceptions of ${results.length} results.`
          : `No exception noted by this procedure in ${results.length} results.`,
      target: {
        type: 'objective-id',
        'target-id': token(control.id),
        description: line(control.question),
        status:
          exceptions > 0
            ? { state: 'not-satisfied', reason: 'fail' }
            : { state: 'satisfied', reason: 'pass', remarks: 'No exception noted by this procedure.' },
      },
      'related-observations': [...names].map((name) => ({
        'observation-uuid': id(`observation ${control.id} ${name}`),
      })),
      remarks: line(control.remediation),
    };
  }
}

const isException = (pair: Pair) => pair.collection === 'exception' || pair.period === 'exception';
const isOpen = (state: string | null) => state === 'undetermined' || state === 'evidence-required';
const groupName = (pair: Pair) => `${pair.collection} ${pair.period} ${pair.reason}`;

function pairs(db: ReadableDb, snapshot: string, control: string): Pair[] {
  return db
    .prepare<[string, string], Pair>(
      `SELECT subject, min(subject_kind) AS kind,
              max(CASE at WHEN 'collection' THEN result END) AS collection,
              max(CASE at WHEN 'period' THEN result END) AS period,
              coalesce(max(CASE WHEN result = 'exception' THEN reason END), max(CASE at WHEN 'collection' THEN reason END), max(reason)) AS reason,
              coalesce(max(CASE WHEN result = 'exception' THEN cites END), max(CASE at WHEN 'collection' THEN cites END), max(cites)) AS cites
         FROM test_result WHERE snapshot = ? AND control = ? GROUP BY subject ORDER BY subject`,
    )
    .all(snapshot, control);
}

function property(name: string, value: string) {
  return { name, ns: NS, value: line(value) };
}

/** One line without space at its ends, as OSCAL's strings are. */
function line(value: string): string {
  return value.toWellFormed().replace(/\s+/g, ' ').trim() || 'not stated';
}

/** A token: a letter or underscore, then letters, digits, dots, hyphens, underscores. */
function token(value: string): string {
  const safe = value.replace(/[^\p{L}\p{N}._-]/gu, '-');
  return /^[\p{L}_]/u.test(safe) ? safe : `_${safe}`;
}
