import { countResults, listResults, type ResultFilter } from '../../../db/derived/results.ts';
import type { TestState } from '../../api/tests.ts';
import { CONTROLS } from '../../controls/index.ts';
import type { Reads } from './read.ts';
import { resultOf } from './result-rows.ts';
import { snapshotOf } from './snapshot.ts';

const noAnswers = (): Record<TestState, number> => ({
  pass: 0,
  exception: 0,
  'not-applicable': 0,
  'evidence-required': 0,
  undetermined: 0,
});

export const testReads: Reads<'tests.controls' | 'tests.results' | 'tests.exceptions'> = {
  'tests.controls'(db, input) {
    const counts = new Map(CONTROLS.map(({ id }) => [id, { collection: noAnswers(), period: noAnswers() }]));
    for (const { control, at, result, subjects } of countResults(db, snapshotOf(db, input))) {
      const one = counts.get(control);
      if (one) one[at][result] = subjects;
    }
    return {
      controls: CONTROLS.map((control) => ({
        id: control.id,
        title: control.title,
        finding: control.finding,
        criteria: [...control.criteria],
        question: control.question,
        method: control.method,
        permissions: [...control.permissions],
        remediation: control.remediation,
        standards: control.standards.map(({ name, version, ref }) => ({ name, version, ref })),
        appliesTo: control.appliesTo,
        ...counts.get(control.id)!,
      })),
    };
  },
  'tests.results'(db, input) {
    const { control, subject, at, result } = input;
    const filter: ResultFilter = {
      ...(control === undefined ? {} : { control }),
      ...(subject === undefined ? {} : { subject }),
      ...(at === undefined ? {} : { at }),
      ...(result === undefined ? {} : { result }),
    };
    const { rows, next } = listResults(db, snapshotOf(db, input), input, filter);
    return { rows: rows.map(resultOf), next };
  },
  'tests.exceptions'(db, input) {
    const { rows, next } = listResults(db, snapshotOf(db, input), input, { result: 'exception' });
    return { rows: rows.map(resultOf), next };
  },
};
