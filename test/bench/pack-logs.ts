import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { isRelevant } from '../../electron/logs/cloudtrail/relevance.ts';
import { logFilesIn, writeLogs } from './logs.ts';

/** Events to take samples from: enough that none comes again within what deflate looks back. */
const SAMPLE_EVENTS = 150_000;
const RECORDS_PER_FILE = 20_000;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/**
 * Writes log files whose kept records are about `bytes` together: those events of the sample company that Keywitness
 * keeps, over and over, each time with other event and request ids. Files are there from an earlier run of that size.
 */
export async function writeKeptLogs(folder: string, bytes: number): Promise<void> {
  const done = join(folder, 'done');
  if (existsSync(done) && readFileSync(done, 'utf8') === String(bytes)) return;
  rmSync(folder, { recursive: true, force: true });
  const samples = join(folder, '..', 'pack-samples');
  await writeLogs(samples, SAMPLE_EVENTS);
  const byMonth = Map.groupBy(keptRecords(samples), (record) => timeOf(record).slice(0, 7));
  let written = 0;
  for (let copy = 0; written < bytes; copy += 1) {
    for (const [month, records] of byMonth) {
      for (let from = 0; from < records.length && written < bytes; from += RECORDS_PER_FILE) {
        const part = records.slice(from, from + RECORDS_PER_FILE).map((record) => renamed(record, copy));
        const name = `${month}-${String(copy).padStart(4, '0')}-${String(from).padStart(8, '0')}.json.gz`;
        mkdirSync(join(folder, month), { recursive: true });
        writeFileSync(join(folder, month, name), gzipSync(`{"Records":[${part.join(',')}]}`, { level: 1 }));
        written += part.reduce((sum, record) => sum + Buffer.byteLength(record), 0);
      }
    }
  }
  rmSync(samples, { recursive: true, force: true });
  writeFileSync(done, String(bytes));
}

function keptRecords(folder: string): string[] {
  return logFilesIn(folder).flatMap((file) => {
    const { Records } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
      Records: { eventSource: string; eventName: string }[];
    };
    return Records.filter((r) => isRelevant(r.eventSource, r.eventName)).map((r) => JSON.stringify(r));
  });
}

const timeOf = (record: string): string => (JSON.parse(record) as { eventTime: string }).eventTime;

/** The same event under other ids, made from its own and the number of the copy. */
function renamed(record: string, copy: number): string {
  if (copy === 0) return record;
  return record.replaceAll(/"(eventID|requestID)":"([^"]*)"/g, (whole, name: string, id: string) =>
    UUID.test(id) ? `"${name}":"${uuidOf(`${id} ${copy}`)}"` : whole,
  );
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(i === 0 ? 0 : ends[i - 1], end)).join('-');
}
