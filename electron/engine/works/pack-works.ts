import type { BuiltPackResult } from '../../api/pack.ts';
import { displayName, readCertificate } from '../../seal/certificate.ts';
import { stampPack } from '../../pack/stamp-pack.ts';
import { EngineError } from '../error.ts';
import { packEngagement } from '../pack-engagement.ts';
import { sealersOf, certificatesIn } from '../service/sealers.ts';
import type { Works } from './work.ts';

const noSigner = (): EngineError =>
  new EngineError('NO_SIGNER', 'cannot pack: no signer was chosen. Choose a PKCS#12 file (.p12, .pfx).');

export const packWorks: Works<'pack.signer' | 'pack.build' | 'pack.timestamp' | 'pack.list'> = {
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
  async 'pack.build'(bench, input) {
    const { work } = bench.session;
    const { signer, timestamp, signerRoots, authorityRoots } = await sealersOf(input, () => bench.sample());
    if (!signer) throw noSigner();
    return bench.jobs.start(
      { kind: 'pack', title: 'Build the pack', exclusive: true, canCancel: false },
      async ({ step }) => {
        const built = await packEngagement(work, {
          folder: input.folder,
          ...{ signer, timestamp, signerRoots, authorityRoots },
          onProgress: (name) => step(name),
          ...(input.snapshot === undefined ? {} : { snapshot: input.snapshot }),
        });
        const { name, pdf, zip, zipSha256, zipBytes, provenTime, timePending } = built;
        const result: BuiltPackResult = { name, pdf, zip, zipSha256, zipBytes, provenTime, timePending };
        bench.packs.push(result);
        bench.session.changed();
        return timePending === null ? { result } : { result, state: 'done-with-gaps' };
      },
    );
  },
  'pack.timestamp'(bench, { packs, timestamp }) {
    const trusted = certificatesIn(timestamp.roots);
    return bench.jobs.start({ kind: 'timestamp', title: 'Add the timestamp' }, async ({ step, signal }) => {
      const stamped = [];
      for (const pack of packs) {
        signal.throwIfAborted();
        step(`Stamping ${pack}`, stamped.length, packs.length);
        const options = { urls: timestamp.urls, ...(trusted.length > 0 ? { trusted } : {}) };
        const { zip, provenTime } = await stampPack(pack, {
          timestamp: { ...options, signal },
          retrieval: { signal },
        });
        stamped.push({ zip, provenTime });
      }
      return { result: { stamped } };
    });
  },
  'pack.list': ({ packs }) => ({ packs }),
};
