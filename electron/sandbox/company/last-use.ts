import type { Frame } from './frame.ts';
import type { LastUse, SandboxKey } from './types.ts';

/** The last use of a key that is used: at most some hours before the key went out of use (or before asOf). */
export function lastUseOf(frame: Frame, key: SandboxKey): LastUse | undefined {
  const use = key.uses[0];
  if (!use || key.useWeight === 0) return undefined;
  const random = frame.random('last-use', key.story, key.keyId, key.region);
  const at = Math.max(
    key.usedTo - (20 + random.int(60 * 5)) * 60_000 - random.int(60_000),
    key.usedFrom + 1000,
  );
  return {
    operation: use.operation,
    at: at - (at % 1000),
    eventId: random.uuid(),
    requestId: random.uuid(),
    actor: use.actor,
  };
}
