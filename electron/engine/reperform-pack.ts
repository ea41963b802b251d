import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createEngagementFile } from '../../db/open.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import type { RunOptions } from '../collect/run-options.ts';
import { declare, type Declared } from '../engagement/declarations.ts';
import {
  engagement as engagementSchema,
  source as sourceSchema,
  type Engagement,
  type Operator,
  type Source,
} from '../engagement/engagement.ts';
import { openLogIngest } from '../logs/ingest.ts';
import { appendCheckpoint } from '../pack/append-checkpoint.ts';
import { canBeAsked } from '../providers/index.ts';
import { attach, madeFile } from '../review/attachments.ts';
import { ReviewError } from '../review/error.ts';
import { readPackedLedger, type PackedLedger } from '../review/reperform/read-pack.ts';
import { reperform, type Reperformance } from '../review/reperform/reperform.ts';
import { reperformanceCsv, reperformancePdf } from '../review/reperform/report.ts';
import { sealPdf } from '../seal/pades/levels.ts';
import type { Signer } from '../seal/signer.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import { verifyPack } from '../verify/verify-pack.ts';
import { VERSION } from './version.ts';

/** What the auditor decides about a re-performance. */
export interface ReperformRequest extends Pick<RunOptions, 'credentialsFor' | 'network' | 'quotas'> {
  pack: string;
  /** Engagement file to make: the re-performance's own ledger. Its report and table are written beside it. */
  out: string;
  operator: Operator;
  sample: { n: number; seed: string } | null;
  /** Changes how a source gets its credentials; what the pack declares is the client's. */
  ownCredentials?: (source: Source) => Source;
  /** Null writes the report without a signature. */
  signer: Signer | null;
  timestamp: TimestampOptions | null;
  trusted?: readonly Uint8Array[];
  signal?: AbortSignal;
  onProgress?: (done: number, of: number) => void;
}

/** The result, with where it was written. */
export interface ReperformResult extends Reperformance {
  packId: string;
  verdict: string;
  files: { engagement: string; table: string; report: string };
}

/**
 * Re-performs a pack: verifies it, asks what it recorded again with credentials of one's own, compares, and records the
 * result in a ledger of its own.
 *
 * @throws ReviewError BAD_FILE when the pack is altered, or holds nothing to ask again
 */
export async function reperformPack(request: ReperformRequest): Promise<ReperformResult> {
  const { pack, operator } = request;
  const { verdict } = await verifyPack(pack, { trusted: request.trusted ?? [] });
  if (verdict === 'altered' || verdict === 'cannot-tell') {
    throw new ReviewError(
      'BAD_FILE',
      `cannot re-perform ${pack}: its verification says "${verdict}". Ask for the pack as it was sealed.`,
    );
  }
  const ledger = await readPackedLedger(pack);
  const open = createEngagementFile(request.out);
  try {
    const { db } = open;
    const writer = new LedgerWriter(db);
    const engagement = engagementOf(ledger, pack);
    const sources = sourcesOf(ledger, request.ownCredentials);
    await declare(writer, operator, 'engagement', '', engagement);
    for (const source of sources) await declare(writer, operator, 'source', source.id, source);
    await declare(writer, operator, 'snapshot.open', SNAPSHOT, {
      ...{ sources: sources.map(({ id }) => id), startedAt: new Date().toISOString() },
      tool: {
        name: 'Keywitness',
        version: VERSION,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
      },
    });
    const ingest = openLogIngest({ folder: dirname(db.name) });
    let found: Reperformance;
    try {
      found = await reperform({
        ...{ writer, engagement, operator, pack, ledger, snapshot: SNAPSHOT, sample: request.sample },
        ...{ sources: sources.filter(canBeAsked), ingestLines: ingest.ingestLines },
        ...(request.credentialsFor ? { credentialsFor: request.credentialsFor } : {}),
        ...(request.network ? { network: request.network } : {}),
        ...(request.quotas ? { quotas: request.quotas } : {}),
        ...(request.signal ? { signal: request.signal } : {}),
        ...(request.onProgress ? { onProgress: request.onProgress } : {}),
      });
    } finally {
      await ingest.close();
    }
    const facts = { packId: ledger.packId, packSha256: await fileSha256(pack), packVerdict: verdict };
    return { ...found, packId: ledger.packId, verdict, files: await record(writer, request, found, facts) };
  } finally {
    open.close();
  }
}

const SNAPSHOT = 's1';

async function record(
  writer: LedgerWriter,
  request: ReperformRequest,
  found: Reperformance,
  facts: { packId: string; packSha256: string; packVerdict: string },
): Promise<ReperformResult['files']> {
  const { operator, sample, signer, timestamp, out } = request;
  const now = new Date();
  const table = reperformanceCsv(found);
  const { sha256 } = await attach(writer, 'reperformance', madeFile('reperformance.csv', table));
  const of = (result: string) => found.results.filter((r) => r.result === result).length;
  const value: Declared<'reperformed'> = {
    pack: { id: facts.packId, sha256: facts.packSha256, verdict: facts.packVerdict },
    ...{ snapshot: SNAPSHOT, population: found.population, attachment: sha256 },
    sample: sample && found.method ? { ...sample, method: found.method } : null,
    ...{ same: of('same'), changed: of('changed'), notAnswerable: of('not answerable') },
  };
  await declare(writer, operator, 'snapshot.close', SNAPSHOT, {
    ...{
      state: value.notAnswerable > 0 ? 'complete-with-gaps' : 'complete',
      endedAt: now.toISOString(),
      why: null,
    },
  });
  await declare(writer, operator, 'reperformed', facts.packId, value);
  await appendCheckpoint(writer, 'snapshot', { signer, timestamp, now });
  const pdf = reperformancePdf(
    writer.db,
    found,
    { ...facts, operator: operator.name, sample, ledgerHead: writer.head.hash },
    now,
  );
  const sealed = signer
    ? (
        await sealPdf(pdf, signer, {
          reason: 'Re-performance',
          name: operator.name,
          signingTime: now,
          timestamp,
        })
      ).pdf
    : pdf;
  const files = { engagement: out, table: `${out}.csv`, report: `${out}.pdf` };
  await writeFile(files.table, table, { mode: 0o600 });
  await writeFile(files.report, sealed, { mode: 0o600 });
  return files;
}

/** The engagement of the pack, as an auditor's: nothing of management's is done here. */
function engagementOf({ declarations }: PackedLedger, pack: string): Engagement {
  const found = declarations.findLast(({ what }) => what === 'engagement');
  const parsed = engagementSchema.safeParse(found?.value);
  if (!parsed.success)
    throw new ReviewError(
      'BAD_FILE',
      `cannot re-perform ${pack}: it withholds its engagement, or was made by another version.`,
    );
  return { ...parsed.data, mode: 'auditor' };
}

function sourcesOf({ declarations }: PackedLedger, own: ReperformRequest['ownCredentials']): Source[] {
  const latest = new Map(
    declarations.filter(({ what }) => what === 'source').map((d) => [d.subject, d.value]),
  );
  return [...latest.values()].flatMap((value) => {
    const parsed = sourceSchema.safeParse(value);
    return parsed.success ? [own ? own(parsed.data) : parsed.data] : [];
  });
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
