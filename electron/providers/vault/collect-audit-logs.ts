import { dirname } from 'node:path';
import { ImportError } from '../files/error.ts';
import { importFiles } from '../files/import-files.ts';
import { scopeOf } from './ask-vault.ts';
import type { VaultRun } from './vault-run.ts';

/** How gaps name the files: no request reads them. */
const AUDIT_FILES = 'vault.audit.ReadLogFiles';

/**
 * Reads the audit log files that the source names, into the same snapshot: Vault has no API to read its log back. What the
 * client gave is client-provided, however it got here. A source without files, and files that cannot be used, are noted.
 */
export async function collectAuditLogs({ run, cluster }: VaultRun): Promise<void> {
  const { source, asking, writer } = run;
  const note = (reason: string): Promise<void> =>
    asking.note({
      ...{ scope: scopeOf(cluster, ''), op: AUDIT_FILES, what: 'log-files-not-read' },
      ...{ from: null, to: null, reason },
    });
  if (source.auditLogs.length === 0) return note('the source names no files of audit devices');
  for (const { device, paths } of source.auditLogs) {
    const of = device === null ? 'an audit device' : `audit device ${device}`;
    try {
      const read = await importFiles(writer, {
        ...{ snapshot: asking.snapshot, source: source.id, paths, signal: asking.signal },
        ...{ folder: dirname(writer.db.name), again: true, settle: false },
      });
      for (const { path, reason } of read.rejected) await note(`${path} of ${of} was not read: ${reason}`);
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      await note(`files of ${of} were not read: ${error.message}`);
    }
  }
}
