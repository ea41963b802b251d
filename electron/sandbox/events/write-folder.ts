import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Company, Instant } from '../company/types.ts';
import { digestPublicKeys } from './digest-keys.ts';
import { logBuckets, type LogObject } from './log-bucket.ts';

export interface FolderOptions {
  /** Objects delivered in [from, to). Default: all. */
  from?: Instant | undefined;
  to?: Instant | undefined;
  /** Only this bucket. Default: all buckets, side by side in folders of their names. */
  bucket?: string | undefined;
  /**
   * Saved answers beside the objects: what `aws s3 sync` loses. Beside each digest `<name>.metadata.json`, the output of
   * `aws s3api head-object`; in `public-keys/<region>.json` the output of `aws cloudtrail list-public-keys`. Default true.
   */
  answers?: boolean | undefined;
}

export interface WrittenFolder {
  logs: number;
  digests: number;
  bytes: number;
}

/** Writes the log buckets as files, in the layout `aws s3 sync s3://BUCKET DIR/BUCKET` gives. */
export async function writeLogFolder(
  company: Company,
  dir: string,
  options: FolderOptions = {},
): Promise<WrittenFolder> {
  const { from = -Infinity, to = Infinity, answers = true } = options;
  const written: WrittenFolder = { logs: 0, digests: 0, bytes: 0 };
  const regions = new Set<string>();
  const names = options.bucket === undefined ? company.buckets.map(({ name }) => name) : [options.bucket];
  for (const name of names) {
    for (const object of logBuckets(company).objects(name)) {
      if (object.lastModified < from || object.lastModified >= to) continue;
      const path = join(dir, name, ...object.key.split('/'));
      await mkdir(dirname(path), { recursive: true });
      const bytes = object.bytes();
      await writeFile(path, bytes);
      written.bytes += bytes.length;
      if (object.kind === 'log') written.logs++;
      else {
        written.digests++;
        regions.add(object.region);
        if (answers) await writeFile(`${path}.metadata.json`, headAnswer(object));
      }
    }
  }
  if (answers) {
    for (const region of regions) {
      const path = join(dir, 'public-keys', `${region}.json`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, keysAnswer(company, region));
    }
  }
  return written;
}

/** As the AWS CLI prints `s3api head-object`. */
function headAnswer(object: LogObject): string {
  const { size, etag, metadata, encryption } = object.head();
  return cliJson({
    AcceptRanges: 'bytes',
    LastModified: isoOffset(object.lastModified),
    ContentLength: size,
    ETag: `"${etag}"`,
    ContentEncoding: 'gzip',
    ContentType: 'application/json',
    ServerSideEncryption: encryption.algorithm,
    Metadata: metadata,
  });
}

/** As the AWS CLI prints `cloudtrail list-public-keys --start-time … --end-time …`. */
function keysAnswer(company: Company, region: string): string {
  const keys = digestPublicKeys(company, region, company.period.from, company.period.to);
  return cliJson({
    PublicKeyList: keys.map((key) => ({
      Value: key.der.toString('base64'),
      ValidityStartTime: isoOffset(key.validFrom),
      ValidityEndTime: isoOffset(key.validTo),
      Fingerprint: key.fingerprint,
    })),
  });
}

const cliJson = (value: unknown): string => `${JSON.stringify(value, null, 4)}\n`;

/** `2026-06-30T12:00:00+00:00`, the CLI's form. */
const isoOffset = (at: Instant): string => new Date(at).toISOString().replace('.000Z', '+00:00');
