import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { rowsOfQuery, SAVED_ROWS } from '../../logs/azure-audit/format.ts';
import { asObject } from '../../logs/cloudtrail/parse-record.ts';
import type { LogFormatId } from '../../logs/format.ts';
import { recogniseAz } from './az-shapes.ts';
import { recogniseCli } from './cli-shapes.ts';
import { recogniseCsv } from './recognise-csv.ts';
import type { FoundFile } from './walk.ts';

/** What a file was taken for. */
export type Recognised =
  /** A log file, or a saved lookup of events: read by the log workers. */
  | { as: 'log'; format: LogFormatId }
  /** A log file that says what its records are of in its own head: `params` are recorded with it, `place` is their text. */
  | { as: 'log'; format: LogFormatId; params: Record<string, unknown>; place: string }
  /** A file kept whole. `format` is an operation id or `cloudtrail.digest`. */
  | { as: 'document'; format: string; params: Record<string, string> | null; bytes: Buffer }
  | { as: 'foreign'; reason: string; bytes: Buffer | null };

/** Names that CloudTrail gives its files (user guide, "CloudTrail log file names", "Digest file names"). */
const LOG_NAME = /^\d{12}_CloudTrail_[a-z0-9-]+_\d{8}T\d{4}Z_[A-Za-z0-9]+\.json(\.gz)?$/;
const DIGEST_NAME = /_CloudTrail-Digest_.+_\d{8}T\d{6}Z(_backfill)?\.json(\.gz)?$/;

const NO_LOG = 'it is a CSV file, but of no log that this program knows';

const PEEK_BYTES = 64 * 1024;
/** A document is read whole; no answer and no digest comes near this. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Tells what a file is by its name where CloudTrail gave it, else by what it holds. @throws when it cannot be read. */
export function recognise(file: FoundFile): Recognised {
  const name = basename(file.path);
  if (LOG_NAME.test(name)) return { as: 'log', format: 'cloudtrail' };
  const head = readHead(file.path);
  if (head.length === 0) return { as: 'foreign', reason: 'the file is empty', bytes: Buffer.alloc(0) };
  const compressed = head[0] === 0x1f && head[1] === 0x8b;
  const text = (compressed ? inflateHead(head) : head)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  const foreign = (reason: string): Recognised => ({ as: 'foreign', reason, bytes: null });
  if (head[0] === 0xff && head[1] === 0xfe) {
    return foreign('it is UTF-16 text, as ">" of PowerShell writes it. Save it as UTF-8');
  }
  if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) {
    return foreign('it is a zip archive. Unpack it and import the folder');
  }
  if (looksLikeAudit(text)) return { as: 'log', format: 'vault-audit' };
  if (looksLikeDiagnostics(text)) return { as: 'log', format: 'azure-audit' };
  if (!text.startsWith('{') && !text.startsWith('[')) {
    const csv = recogniseCsv(text, file.path, compressed);
    if (csv === null) return foreign(/\.csv(\.gz)?$/i.test(name) ? NO_LOG : 'it is not JSON');
    return 'reason' in csv ? foreign(csv.reason) : { as: 'log', format: 'azure-csv', ...csv };
  }
  if (!DIGEST_NAME.test(name) && looksLikeLog(text)) return { as: 'log', format: 'cloudtrail' };
  if (file.bytes > MAX_DOCUMENT_BYTES) return foreign('it is larger than 64 MiB and holds no list of events');
  return document(file, compressed);
}

function document(file: FoundFile, compressed: boolean): Recognised {
  const bytes = readFileSync(file.path);
  const foreign = (reason: string): Recognised => ({ as: 'foreign', reason, bytes });
  let value: unknown;
  try {
    const content = compressed ? gunzipSync(bytes, { maxOutputLength: MAX_DOCUMENT_BYTES }) : bytes;
    value = JSON.parse(content.toString('utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') return foreign('the gzip data is cut off');
    return foreign(
      compressed && code ? `the gzip data is damaged (${message})` : 'the JSON is malformed or cut off',
    );
  }
  const answer = asObject(value);
  if ('digestStartTime' in answer && 'digestS3Object' in answer) {
    return { as: 'document', format: 'cloudtrail.digest', params: null, bytes };
  }
  if (isQueryResult(value)) return { as: 'document', format: SAVED_ROWS, params: null, bytes };
  const azure = recogniseAz(value, basename(file.path));
  if (azure && 'reason' in azure) return foreign(azure.reason);
  if (azure) return { as: 'document', format: azure.op, params: azure.params, bytes };
  if (Array.isArray(value)) return foreign('it is a list, but not of CloudTrail events');
  // The log folder of an account is named like the account, not like a key: any folder name may be looked at.
  const found = recogniseCli(answer, basename(file.path), basename(dirname(file.path)));
  if ('reason' in found) return foreign(found.reason);
  return { as: 'document', format: found.op, params: found.params, bytes };
}

/** A list of records or events begins near the start, or the first object is an event itself. */
function looksLikeLog(text: string): boolean {
  if (/^\{\s*"(?:Records|Events)"\s*:\s*\[/.test(text)) return true;
  if (/^\{\s*"NextToken"\s*:\s*"[^"]*"\s*,\s*"Events"\s*:\s*\[/.test(text)) return true;
  const start = text.slice(0, PEEK_BYTES);
  const isRecord = /"eventSource"\s*:\s*"/.test(start) && /"eventName"\s*:\s*"/.test(start);
  if (!isRecord) return false;
  return /^\[?\s*\{/.test(start);
}

/** The first line is an entry of a Vault audit log, with whatever its device writes before it. */
function looksLikeAudit(text: string): boolean {
  const line = text.slice(0, PEEK_BYTES).split('\n', 1)[0]!;
  return (
    /\{.*"type":"(?:kmip-)?(?:request|response)"/.test(line) &&
    /"request":\{/.test(line) &&
    /"time":"/.test(line)
  );
}

/** Categories of a subscription's activity log, which storage and Event Hubs get too. */
const ACTIVITY_CATEGORY =
  /"category"\s*:\s*"(?:Administrative|ServiceHealth|ResourceHealth|Alert|Autoscale|Recommendation|Policy|Write|Delete|Action)"/;

/** Records of a diagnostic export of Azure: one a line, or in a list `records`. */
function looksLikeDiagnostics(text: string): boolean {
  const start = text.slice(0, PEEK_BYTES);
  return (
    /^\{\s*(?:"records"\s*:\s*\[\s*\{\s*)?"/.test(start) &&
    (/"resourceId"\s*:\s*"\/subscriptions\/[^"]+\/microsoft\.keyvault\//i.test(start) ||
      ACTIVITY_CATEGORY.test(start)) &&
    /"operationName"\s*:\s*["{]/.test(start) &&
    /"time"\s*:\s*"/.test(start)
  );
}

/** Rows of a query over AZKVAuditLogs or AzureDiagnostics, as Log Analytics or the Azure CLI gives them. */
function isQueryResult(value: unknown): boolean {
  if (Array.isArray(value)) {
    const row = asObject(value[0]);
    const timed = 'TimeGenerated' in row || 'TimeGenerated [UTC]' in row;
    return timed && ('OperationName' in row || 'OperationNameValue' in row);
  }
  return rowsOfQuery(value).length > 0;
}

function readHead(path: string): Buffer {
  const head = Buffer.alloc(PEEK_BYTES);
  const file = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(file, head, 0, PEEK_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

/** As much of the start as inflates; a file that is damaged right there gives nothing. */
function inflateHead(head: Buffer): Buffer {
  try {
    // The head ends in mid-stream: that is no error here.
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 16 * 1024 * 1024 });
  } catch {
    return Buffer.alloc(0);
  }
}
