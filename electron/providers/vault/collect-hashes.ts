import { keysOfDevices } from './normalise/audit-devices.ts';
import { scopeOf } from './ask-vault.ts';
import { sys } from './operations/index.ts';
import type { Prompter } from './secrets.ts';
import type { VaultRun } from './vault-run.ts';

/**
 * Asks every audit device how it writes each value that is sought (its salt is its own). The value is sent and stored
 * nowhere; a resumed run has the answers and asks for no value again.
 */
export async function collectHashes(
  { run, cluster, ask }: VaultRun,
  prompter: Prompter | null,
): Promise<void> {
  const { source, asking } = run;
  const sought = (source.sought ?? []).filter(({ hash }) => hash === null);
  if (sought.length === 0 || source.namespace !== null) return;
  const devices = await ask(sys.auditDevices, { namespace: '', path: 'sys/audit' });
  if (!devices.ok) return;
  for (const { label } of sought) {
    const input = (await prompter?.secret(source.id, `value of ${label}`)) ?? null;
    if (input === null || input === '') {
      await asking.note({
        ...{ scope: scopeOf(cluster, ''), op: sys.auditHash.id, what: 'value-not-given' },
        ...{ from: null, to: null, reason: `nobody gave the value of ${label}` },
      });
      continue;
    }
    for (const device of keysOfDevices(devices.output.data)) {
      const path = `sys/audit-hash/${device.replace(/\/$/, '')}`;
      await ask(sys.auditHash, { namespace: '', path, label, secret: { input } });
    }
  }
}
