import type { ReadableDb } from '../../db/handle.ts';
import { readEntry } from '../../db/ledger/read.ts';
import { declare, declared, latestDeclared, type Declared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import type { Reviewer } from '../engagement/review-kinds.ts';
import type { Work } from '../engine/with-engagement.ts';
import { displayName, readCertificate } from '../seal/certificate.ts';
import { sealPdf } from '../seal/pades/levels.ts';
import { isPdfPrefix, verifyPdf } from '../seal/pades.ts';
import { ownCertificate, type Signer } from '../seal/signer.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import {
  attach,
  attachedBytes,
  attachments,
  madeFile,
  type Attachment,
  type GivenFile,
} from './attachments.ts';
import { pdfText } from './document-text.ts';
import { ReviewError } from './error.ts';
import { onlyManagement } from './mode.ts';
import { addendumPdf, reviewPdf } from './review-pdf.ts';
import { decisionsHash, readReview, type Review } from './review.ts';

/** With what a review is signed. */
export interface ReviewSealers {
  signer: Signer;
  /** Null signs without a trusted time. */
  timestamp: TimestampOptions | null;
  now: Date;
}

/** A review that can be signed: everything decided, nothing signed yet. @throws ReviewError UNDECIDED, FROZEN */
function signable(db: ReadableDb, id: string): Review {
  const review = readReview(db, id);
  if (review.signed) throw new ReviewError('FROZEN', `cannot sign ${id}: it is signed already.`);
  if (review.undecided > 0) {
    throw new ReviewError(
      'UNDECIDED',
      `cannot sign ${id}: ${review.undecided} of ${review.items.length} items are undecided. List them with: keywitness review show ${id} --undecided`,
    );
  }
  return review;
}

/**
 * Signs a review: makes the PDF record with every decision, seals it, and freezes the decisions. The reviewer signs, nobody
 * in their stead.
 *
 * @throws ReviewError INDEPENDENCE, UNDECIDED, FROZEN, NOT_THE_SAME; SealError of the signer
 */
export async function signReview(
  { db, writer }: Work,
  by: Operator,
  id: string,
  sealers: ReviewSealers,
): Promise<{ file: Attachment; signed: Declared<'review.signed'> }> {
  onlyManagement(db, "sign the client's review", 'Import the review that the client signed');
  const review = signable(db, id);
  const { reviewer, population } = review.opened.value;
  if (by.name !== reviewer.name) {
    throw new ReviewError(
      'NOT_THE_SAME',
      `cannot sign ${id} as ${by.name}: its reviewer is ${reviewer.name}, who signs with a key of their own (--operator "${reviewer.name}").`,
    );
  }
  const made = await seal(reviewPdf(db, review, sealers.now), sealers, `Review ${id}`, reviewer.name);
  const file = await attach(writer, 'review', madeFile(`${id}-review.pdf`, made.pdf));
  const signed: Declared<'review.signed'> = {
    ...{ method: 'here', attachment: file.sha256, population, decisions: decisionsHash(review) },
    ...{ signer: signerOf(sealers.signer), signedAt: sealers.now.toISOString() },
    ...{ provenAt: made.provenAt, timePending: made.pending },
  };
  await declare(writer, by, 'review.signed', id, signed);
  return { file, signed };
}

/** Signs and raises as far as can be, as the report of a pack is. */
async function seal(
  pdf: Uint8Array,
  { signer, timestamp, now }: ReviewSealers,
  reason: string,
  name: string,
) {
  const sealed = await sealPdf(pdf, signer, { reason, name, signingTime: now, timestamp });
  return { pdf: sealed.pdf, pending: sealed.pending, provenAt: sealed.provenTime?.toISOString() ?? null };
}

function signerOf(signer: Signer) {
  const certificate = readCertificate(ownCertificate(signer));
  return { name: displayName(certificate), fingerprint: certificate.fingerprint };
}

/** The record without a signature, bound to the population's hash, to be signed elsewhere. @throws ReviewError UNDECIDED, FROZEN */
export async function exportReview(
  { db, writer }: Work,
  id: string,
  now: Date,
): Promise<{ file: Attachment; pdf: Uint8Array }> {
  const pdf = reviewPdf(db, signable(db, id), now);
  return { file: await attach(writer, 'review-unsigned', madeFile(`${id}-unsigned.pdf`, pdf)), pdf };
}

/**
 * Takes back a record that was signed elsewhere. It must begin with the bytes that were exported (a PDF signature is
 * appended), or at least print the hashes of the population and of the decisions, when a signing service wrote it anew.
 *
 * @throws ReviewError NOT_SIGNED (no signature, or one that does not hold), NOT_THE_SAME (another record), UNDECIDED, FROZEN
 */
export async function importSignedReview(
  { db, writer }: Work,
  by: Operator,
  id: string,
  file: GivenFile,
): Promise<Declared<'review.signed'>> {
  const review = signable(db, id);
  const signatures = checkedSignatures(file);
  const [first] = signatures.valid;
  if (!first || signatures.problems.length > 0) {
    throw new ReviewError(
      'NOT_SIGNED',
      `cannot take ${file.name} as the signed review: ${signatures.problems.join('; ') || 'it carries no signature'}.`,
    );
  }
  const decisions = decisionsHash(review);
  const { population } = review.opened.value;
  if (!(await isRecordOf(db, file, population, decisions))) {
    throw new ReviewError(
      'NOT_THE_SAME',
      `cannot take ${file.name}: it is not the record of ${id} as it stands (population ${population.slice(0, 12)}…, decisions ${decisions.slice(0, 12)}…). Export it again, and sign that.`,
    );
  }
  const { sha256 } = await attach(writer, 'review', file);
  const { name, fingerprint, signedAt, provenAt } = first;
  const signed: Declared<'review.signed'> = {
    ...{
      method: 'elsewhere',
      attachment: sha256,
      population,
      decisions,
      signer: { name, fingerprint },
      signedAt,
      provenAt,
    },
    timePending: provenAt === null ? 'the signature carries no timestamp' : null,
  };
  await declare(writer, by, 'review.signed', id, signed);
  return signed;
}

async function isRecordOf(
  db: ReadableDb,
  file: GivenFile,
  population: string,
  decisions: string,
): Promise<boolean> {
  const exported = attachments(db).filter((a) => a.purpose === 'review-unsigned');
  for (const { sha256 } of exported) {
    const bytes = attachedBytes(db, sha256);
    if (isPdfPrefix(bytes, file.bytes)) return printsBoth(bytes, population, decisions);
  }
  return printsBoth(Buffer.from(file.bytes), population, decisions);
}

async function printsBoth(pdf: Buffer, ...hashes: string[]): Promise<boolean> {
  const words = (await pdfText(pdf)).replaceAll(/\s+/g, '');
  return hashes.every((hash) => words.includes(hash));
}

function checkedSignatures(file: GivenFile) {
  let checks: ReturnType<typeof verifyPdf>;
  try {
    checks = verifyPdf(file.bytes);
  } catch (error) {
    return { valid: [], problems: [(error as Error).message] };
  }
  const valid = checks.flatMap(({ place, signature, problems }) =>
    place.kind === 'signature' && signature?.valid && problems.length === 0
      ? [
          {
            name: signature.signer ? displayName(signature.signer) : 'not named',
            fingerprint: signature.signer?.fingerprint ?? 'none',
            signedAt: (signature.signingTime ?? place.claimedTime)?.toISOString() ?? null,
            provenAt: signature.provenTime?.toISOString() ?? null,
          },
        ]
      : [],
  );
  return { valid, problems: checks.flatMap(({ problems }) => [...problems]) };
}

/**
 * Imports a review that the client made and signed without this program, in any file; the signatures of a PDF are
 * checked.
 */
export async function importClientReview(
  { db, writer }: Work,
  by: Operator,
  file: GivenFile,
  facts: { title: string; reviewer: Reviewer; reviewedAt: string; previousAt: string | null },
): Promise<Declared<'review.client'>> {
  const pdf = Buffer.from(file.bytes).subarray(0, 1024).includes('%PDF-');
  const { valid, problems } = pdf ? checkedSignatures(file) : { valid: [], problems: [] };
  const { sha256 } = await attach(writer, 'review', file);
  const id = `c${latestDeclared(db, 'review.client').size + 1}`;
  const value = { ...facts, attachment: sha256, signatures: valid, problems };
  await declare(writer, by, 'review.client', id, value);
  return value;
}

/**
 * Records that something decided for change, or acknowledged, was done after the review was signed.
 *
 * @throws ReviewError NOT_SIGNED, NOT_KNOWN (the item, or the ledger entry)
 */
export async function recordRemedy(
  { db, writer }: Work,
  by: Operator,
  id: string,
  remedy: { item: string; on: string; note: string; evidence: GivenFile | null; exchange: number | null },
): Promise<void> {
  onlyManagement(db, 'close a remediation', "Import the client's addendum");
  const review = readReview(db, id);
  if (!review.signed)
    throw new ReviewError(
      'NOT_SIGNED',
      `cannot close ${remedy.item}: ${id} is not signed yet. Decide about it in the review.`,
    );
  if (!review.items.some((item) => item.id === remedy.item))
    throw new ReviewError('NOT_KNOWN', `cannot close ${remedy.item}: ${id} has no such item.`);
  if (remedy.exchange !== null && readEntry(db, remedy.exchange)?.kind !== 'exchange') {
    throw new ReviewError('NOT_KNOWN', `cannot cite ledger entry ${remedy.exchange}: it is no exchange.`);
  }
  if (remedy.exchange === null && !remedy.evidence) {
    throw new ReviewError(
      'NOT_KNOWN',
      `cannot close ${remedy.item}: nothing shows it. Give a file, or a later exchange.`,
    );
  }
  const evidence = remedy.evidence ? await attach(writer, 'remediation', remedy.evidence) : null;
  const { item, on, note, exchange } = remedy;
  await declare(writer, by, 'review.remedied', id, {
    item,
    on,
    note,
    exchange,
    evidence: evidence?.sha256 ?? null,
  });
}

/** Signs an addendum over everything remedied since the last one. @throws ReviewError NOT_SIGNED, UNDECIDED (nothing new), NOT_THE_SAME */
export async function signAddendum(
  { db, writer }: Work,
  by: Operator,
  id: string,
  sealers: ReviewSealers,
): Promise<Attachment> {
  onlyManagement(db, 'sign an addendum', "Import the client's addendum");
  const review = readReview(db, id);
  const { reviewer } = review.opened.value;
  if (!review.signed) throw new ReviewError('NOT_SIGNED', `cannot add to ${id}: it is not signed yet.`);
  if (by.name !== reviewer.name)
    throw new ReviewError(
      'NOT_THE_SAME',
      `cannot sign the addendum as ${by.name}: the reviewer is ${reviewer.name}.`,
    );
  const covered = new Set(
    declared(db, 'review.addendum')
      .filter((d) => d.subject === id)
      .flatMap(({ value }) => value.remedied),
  );
  const lines = review.remedied.map(({ value }) => value).filter(({ item }) => !covered.has(item));
  if (lines.length === 0)
    throw new ReviewError(
      'UNDECIDED',
      `cannot sign an addendum to ${id}: nothing was remedied since. Record it first.`,
    );
  const made = await seal(
    addendumPdf(db, review, lines, sealers.now),
    sealers,
    `Addendum to review ${id}`,
    reviewer.name,
  );
  const file = await attach(
    writer,
    'addendum',
    madeFile(`${id}-addendum-${review.addenda.length + 1}.pdf`, made.pdf),
  );
  await declare(writer, by, 'review.addendum', id, {
    ...{
      attachment: file.sha256,
      review: review.signed.value.attachment,
      remedied: lines.map(({ item }) => item),
    },
    ...{ signer: signerOf(sealers.signer), signedAt: sealers.now.toISOString(), provenAt: made.provenAt },
  });
  return file;
}
