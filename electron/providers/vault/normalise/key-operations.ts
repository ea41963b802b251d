import type { KeyOperation } from '../../../derive/derivation.ts';
import { transit } from '../operations/index.ts';
import { effectOf } from './effects.ts';

const { id, action, permissions } = transit.readKey;

/** The one question put to every transit key: its answer holds type, rotation, every version and all protections. */
export const KEY_OPERATIONS: readonly KeyOperation[] = [
  {
    op: id,
    action,
    tells: 'described',
    permission: permissions.join(', '),
    effect: effectOf(action),
    notPut: () => null,
  },
];
