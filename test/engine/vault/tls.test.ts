import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entries } from '../../../db/ledger/read.ts';
import { createLoopbackTls } from '../../../electron/sandbox/azure/tls.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { collectVaultSample, vaultFor, vaultSampleSource } from './support.ts';

test('a server behind an authority of its own is believed only when the source names the authority', async () => {
  const tls = await createLoopbackTls();
  const key = tls.key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const sandbox = await vaultFor({ tls: { key, cert: tls.certificate } });
  const address = sandbox.endpoint.replace('127.0.0.1', 'localhost');
  // What would switch the check off for the Vault command line changes nothing.
  process.env.VAULT_SKIP_VERIFY = '1';
  try {
    const refused = await collectVaultSample(sandbox, { sources: [vaultSampleSource(sandbox, { address })] });
    expect(refused.result.stopped[0]!.message).toMatch(/SELF_SIGNED_CERT|UNABLE_TO_/);

    const caFile = join(temporaryFolder(), 'ca.pem');
    writeFileSync(caFile, tls.ca);
    const { db, result } = await collectVaultSample(sandbox, {
      sources: [vaultSampleSource(sandbox, { address, caFile })],
    });
    expect(result.state).toBe('complete-with-gaps');
    for (const { facts } of entries(db, 'exchange')) expect(facts.tlsPeer).toMatch(/^[0-9a-f]{64}$/);
  } finally {
    delete process.env.VAULT_SKIP_VERIFY;
  }
});
