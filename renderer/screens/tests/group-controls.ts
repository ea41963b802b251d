import type { ControlSummary } from '../../../electron/api/tests.ts';
import { RESULT_ORDER } from '../../ui/badge.tsx';

export type GroupBy = 'finding' | 'criteria';

/** The findings auditors commonly raise, in the order of the report. */
export const FINDINGS: Record<ControlSummary['finding'], string> = {
  rotation: 'Rotation not enabled',
  access: 'Overly permissive access',
  logging: 'Missing usage logs',
  ownership: 'No documented owner',
  protection: 'Protection of the keys themselves',
};

export interface ControlGroup {
  id: string;
  title: string;
  controls: ControlSummary[];
}

/** Tests under their finding, or under each criterion they bear on; what needs attention first within each. */
export function groupControls(controls: readonly ControlSummary[], by: GroupBy): ControlGroup[] {
  if (by === 'finding') {
    return (Object.keys(FINDINGS) as ControlSummary['finding'][])
      .map((id) => ({
        id,
        title: FINDINGS[id],
        controls: attentionFirst(controls.filter((c) => c.finding === id)),
      }))
      .filter((group) => group.controls.length > 0);
  }
  const criteria = [...new Set(controls.flatMap((control) => control.criteria))].sort();
  return criteria.map((id) => ({
    id,
    title: id,
    controls: attentionFirst(controls.filter((control) => control.criteria.includes(id))),
  }));
}

/** The worst answer of a test over all its subjects; null when it has none. */
export function worstResult(control: Pick<ControlSummary, 'collection' | 'period'>) {
  return RESULT_ORDER.find((result) => control.collection[result] + control.period[result] > 0) ?? null;
}

function attentionFirst(controls: readonly ControlSummary[]): ControlSummary[] {
  const rank = (control: ControlSummary) => {
    const worst = worstResult(control);
    return worst === null ? RESULT_ORDER.length : RESULT_ORDER.indexOf(worst);
  };
  return controls.toSorted((a, b) => rank(a) - rank(b) || (a.title < b.title ? -1 : 1));
}
