import type { Control } from './control.ts';
import { rotationAge } from './rotation-age.ts';
import { rotationEnabled } from './rotation-enabled.ts';
import { rotationManual } from './rotation-manual.ts';
import { rotationPeriod } from './rotation-period.ts';
import { rotationPolicyAnnual } from './rotation-policy-annual.ts';

/** Every test of a control, in the order of the report. Adding one is adding its file and one line here. */
export const CONTROLS: readonly Control[] = [
  rotationEnabled,
  rotationPeriod,
  rotationAge,
  rotationManual,
  rotationPolicyAnnual,
];

/** The control with this id, or undefined. */
export function controlById(id: string): Control | undefined {
  return CONTROLS.find((control) => control.id === id);
}
