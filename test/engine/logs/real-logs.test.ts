import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { listUsageEvents } from '../../../db/derived/event-queries.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { importFiles } from '../../../electron/providers/files/import-files.ts';
import { newEngagement } from '../../support/ledger.ts';

/** Real log files of a public exercise (July 2023), beside the checkout where they are given. */
const REAL = fileURLToPath(new URL('../../../../shared/data/cloudtrail-2023', import.meta.url));

it('real log files import completely: 2,900 events, of which 240 of KMS', async ({ skip }) => {
  skip(!existsSync(REAL), 'the real log files are not beside the checkout (../shared/data/cloudtrail-2023)');
  const { writer, db } = newEngagement();
  const summary = await importFiles(writer, { snapshot: 's1', source: 'files', paths: [REAL] });
  expect(summary).toMatchObject({ imported: 55, defective: [], events: 2900, kms: 240, unreadable: 0 });
  expect(summary.rejected.map((r) => r.reason)).toEqual(['it is not JSON']);
  const service = 'kms.amazonaws.com';
  const period = { from: Date.UTC(2023, 6, 10), to: Date.UTC(2023, 6, 11) };
  const of = (name: string) => listUsageEvents(db, { ...period, operation: { service, name } });
  expect([of('Decrypt').length, of('Encrypt').length, of('GenerateDataKey').length]).toEqual([178, 42, 20]);
  expect(of('Encrypt').every((event) => event.key?.includes(':key/'))).toBe(true);
  expect(verifyLedger(db).fault).toBeNull();
});
