import type { BuiltPackResult, PackPreview } from '../../api/pack.ts';
import type { ParsedInputOf } from '../../api/contract.ts';
import { currentEngagement, snapshots } from '../../engagement/current.ts';
import { statistics } from '../../pack/report/statistics.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { displayName, readCertificate } from '../../seal/certificate.ts';
import { stampPack } from '../../pack/stamp-pack.ts';
import { EngineError } from '../error.ts';
import { packEngagement } from '../pack-engagement.ts';
import { previewPack, sealPreviewed, type PreviewedPack } from '../preview-pack.ts';
import { sealersOf, timestampOptions } from '../service/sealers.ts';
import type { Bench, Works } from './work.ts';

const noSigner = (): EngineError =>
  new EngineError('NO_SIGNER', 'cannot pack: no signer was chosen. Choose a PKCS#12 file (.p12, .pfx).');

/** Who seals a pack, and what of it the caller decided. @throws EngineError NO_SIGNER */
async function requestOf(bench: Bench, input: ParsedInputOf<'pack.preview'>) {
  const { signer, ...sealers } = await sealersOf(input, () => bench.sample());
  if (!signer) throw noSigner();
  const { snapshot, redaction } = input;
  if (redaction === null) return { ...sealers, signer, ...(snapshot === undefined ? {} : { snapshot }) };
  const { operator, ...rules } = redaction;
  return {
    ...sealers,
    signer,
    ...(snapshot === undefined ? {} : { snapshot }),
    redaction: { rules, by: operator },
  };
}

/** The preview of that name. @throws EngineError PREVIEW_OUTDATED when it is not kept any more */
function previewNamed({ preview }: Bench, name: string): PreviewedPack {
  if (preview?.plan.parts.packId === name) return preview;
  throw new EngineError(
    'PREVIEW_OUTDATED',
    'cannot sign what was previewed: that preview is not kept any more. Preview the pack again.',
  );
}

function describePreview({ blobs }: Bench, db: ReadableDb, previewed: PreviewedPack): PackPreview {
  const { plan, options, report, sha256, fingerprint } = previewed;
  const { packId, name, ledger, exhibits, redaction } = plan.parts;
  const { snapshot } = options;
  return {
    preview: packId,
    name,
    pdf: blobs.lendBytes(report, 'application/pdf', `${name}-preview.pdf`),
    sha256,
    snapshot,
    period: currentEngagement(db).period,
    gaps: statistics(db, snapshot).gaps,
    sources: snapshots(db).find(({ id }) => id === snapshot)?.sources ?? [],
    ledger: { entries: ledger.upTo, head: ledger.head, merkleRoot: ledger.merkleRoot },
    files: plan.files.map(({ path }) => path),
    exhibits: exhibits.map(({ title, files, notProvided }) => ({
      title,
      files: files.length,
      notProvided: notProvided ?? null,
    })),
    redacted: redaction?.values ?? null,
    signer: { subject: displayName(readCertificate(options.signer.certificates[0]!)), fingerprint },
  };
}

export const packWorks: Works<
  'pack.signer' | 'pack.preview' | 'pack.build' | 'pack.timestamp' | 'pack.list'
> = {
  async 'pack.signer'(bench, { signer: choice }) {
    const { signer } = await sealersOf({ signer: choice, timestamp: null }, () => bench.sample());
    if (!signer) throw noSigner();
    const certificate = readCertificate(signer.certificates[0]!);
    return {
      subject: displayName(certificate),
      issuer: certificate.issuer,
      notBefore: certificate.notBefore.toISOString(),
      notAfter: certificate.notAfter.toISOString(),
      key: signer.description,
      fingerprint: certificate.fingerprint,
      certificates: signer.certificates.length,
    };
  },
  async 'pack.preview'(bench, input) {
    const { work } = bench.session;
    const request = await requestOf(bench, input);
    return bench.jobs.start(
      { kind: 'pack-preview', title: 'Preview the pack', exclusive: true, canCancel: false },
      async ({ step }) => {
        const previewed = await previewPack(
          work,
          { ...request, folder: '', onProgress: (name) => step(name) },
          bench.preview,
        );
        bench.preview = previewed;
        return { result: describePreview(bench, work.db, previewed) };
      },
    );
  },
  async 'pack.build'(bench, input) {
    const { work } = bench.session;
    const request = { ...(await requestOf(bench, input)), folder: input.folder };
    const previewed = input.preview === null ? null : previewNamed(bench, input.preview);
    return bench.jobs.start(
      { kind: 'pack', title: 'Build the pack', exclusive: true, canCancel: false },
      async ({ step }) => {
        const onProgress = (name: string) => step(name);
        const { folder, signer, timestamp } = request;
        const built = previewed
          ? await sealPreviewed(work, previewed, { folder, signer, timestamp, onProgress })
          : await packEngagement(work, { ...request, onProgress });
        const { name, pdf, zip, zipSha256, zipBytes, provenTime, timePending } = built;
        const result: BuiltPackResult = {
          ...{ name, pdf, zip, zipSha256, zipBytes, provenTime, timePending },
          previewSha256: previewed?.sha256 ?? null,
        };
        bench.preview = null;
        bench.packs.push(result);
        if (timePending !== null) bench.queue.add(zip, timePending);
        bench.session.changed();
        return timePending === null ? { result } : { result, state: 'done-with-gaps' };
      },
    );
  },
  'pack.timestamp'(bench, { packs, timestamp }) {
    const options = timestampOptions(timestamp)!;
    return bench.jobs.start({ kind: 'timestamp', title: 'Add the timestamp' }, async ({ step, signal }) => {
      const stamped = [];
      // The PDF beside a pack is stamped with it.
      const zips = packs.filter(
        (path) => !packs.includes(path.replace(/\.pdf$/i, '.zip')) || !/\.pdf$/i.test(path),
      );
      for (const pack of zips) {
        signal.throwIfAborted();
        step(`Stamping ${pack}`, stamped.length, zips.length);
        const { zip, provenTime } = await stampPack(pack, {
          timestamp: { ...options, signal },
          retrieval: { signal },
        });
        bench.queue.forget(pack);
        stamped.push({ zip, provenTime });
      }
      return { result: { stamped } };
    });
  },
  'pack.list': ({ packs }) => ({ packs }),
};
