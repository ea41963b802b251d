import type { LogFormat, LogFormatId } from './format.ts';
import { azureAuditFormat } from './azure-audit/format.ts';
import { azureCsvFormat } from './azure-csv/format.ts';
import { cloudtrailFormat } from './cloudtrail/format.ts';
import { vaultAuditFormat } from './vault-audit/format.ts';

/** Every kind of log that can be read. Adding one is its folder, its id, and one line here. */
export const LOG_FORMATS: Readonly<Record<LogFormatId, LogFormat>> = {
  cloudtrail: cloudtrailFormat,
  'azure-audit': azureAuditFormat,
  'azure-csv': azureCsvFormat,
  'vault-audit': vaultAuditFormat,
};

const all = Object.values(LOG_FORMATS);

/** The kind of log that an operation or an imported file brings; undefined when it brings none. */
export function logFormatOf(opOrFormat: string): LogFormat | undefined {
  return all.find((format) => format.files.includes(opOrFormat) || opOrFormat in format.pages);
}

/** Operations, and formats of imported files, that bring pages of events. */
export const PAGES_OF_EVENTS: readonly string[] = all.flatMap((format) => Object.keys(format.pages));
