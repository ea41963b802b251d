import { XMLParser } from 'fast-xml-parser';
import { forEach } from '../../collect/for-each.ts';
import type { AzureRun } from './azure-run.ts';
import { logStores } from './operations/index.ts';
import { scopeOf } from './scope.ts';

const BLOBS_AT_ONCE = 8;
const HOUR = 3_600_000;

export interface BlobsOf {
  /** Resource id of the storage account, and the address of its blob service. */
  resource: string;
  uri: string;
  /** Resource id of the vault whose records are read. */
  vault: string;
}

const xml = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  isArray: (name) => name === 'Blob',
});

/** Reads the hourly files of one vault from the start of the period to the collection. */
export async function collectBlobs(azure: AzureRun, { resource, uri, vault }: BlobsOf): Promise<void> {
  const { period, startedAt, asking } = azure.run;
  const from = Date.parse(period.from);
  const to = startedAt.getTime();
  for (const month of monthsBetween(from, to)) {
    // Diagnostic settings write the resource id in capitals.
    const prefix = `resourceId=${vault.toUpperCase()}/${month}`;
    const names = await listBlobs(azure, resource, uri, prefix);
    const wanted = names.filter((name) => {
      const hour = hourOf(name);
      return hour !== null && hour + HOUR > from && hour < to;
    });
    asking.tracker.plan(logStores.getBlob, scopeOf(azure.tenant, { resource }), wanted.length);
    await forEach(wanted, BLOBS_AT_ONCE, (blob) => azure.ask(logStores.getBlob, { resource, uri, blob }));
  }
}

async function listBlobs(azure: AzureRun, resource: string, uri: string, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let page: string | undefined;
  const followed = new Set<string>();
  for (;;) {
    const answer = await azure.ask(logStores.listBlobs, {
      ...{ resource, uri, prefix },
      ...(page === undefined ? {} : { page }),
    });
    if (!answer.ok) return names;
    const { EnumerationResults: found } = xml.parse(answer.output) as {
      EnumerationResults?: { Blobs?: { Blob?: { Name?: string }[] } | ''; NextMarker?: string };
    };
    const blobs = found?.Blobs === '' ? [] : (found?.Blobs?.Blob ?? []);
    names.push(...blobs.flatMap(({ Name }) => Name ?? []));
    const next = found?.NextMarker;
    if (!next || followed.has(next)) return names;
    followed.add(next);
    page = next;
  }
}

/** Start of the hour that a file's name says, ms UTC; null when it says none. */
export function hourOf(name: string): number | null {
  const found = /\/y=(\d{4})\/m=(\d{2})\/d=(\d{2})\/h=(\d{2})\/m=\d{2}\/[^/]+\.json$/.exec(name);
  if (!found) return null;
  const [year, month, day, hour] = found.slice(1).map(Number);
  return Date.UTC(year!, month! - 1, day, hour);
}

/** `y=2026/m=05/` for every month that the time touches. */
function monthsBetween(from: number, to: number): string[] {
  const months: string[] = [];
  const at = new Date(from);
  at.setUTCDate(1);
  at.setUTCHours(0, 0, 0, 0);
  while (at.getTime() < to) {
    months.push(`y=${at.getUTCFullYear()}/m=${String(at.getUTCMonth() + 1).padStart(2, '0')}/`);
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
  return months;
}
