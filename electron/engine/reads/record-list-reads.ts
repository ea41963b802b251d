import type { ReadableDb } from '../../../db/handle.ts';
import { bodyBytes } from '../../../db/ledger/bodies.ts';
import { cutPage } from '../../../db/derived/page.ts';
import type { Blob } from '../../api/shared.ts';
import {
  declared,
  latestDeclared,
  type Declaration,
  type DeclarationKind,
} from '../../engagement/declarations.ts';
import { approvedLists } from '../../review/approved.ts';
import { attachments } from '../../review/attachments.ts';
import { readReview } from '../../review/review.ts';
import { tagMapping } from '../../review/tag-mapping.ts';
import { bodyBlob } from '../service/blobs.ts';
import type { Reads } from './read.ts';

export const recordListReads: Reads<
  | 'people.list'
  | 'systems.list'
  | 'inventory.mapping'
  | 'policyDocument.current'
  | 'approved.list'
  | 'members.list'
  | 'rotation.list'
  | 'samples.list'
  | 'review.later'
  | 'review.clients'
> = {
  'people.list'(db, input) {
    const found = latestDeclared(db, 'people.roster').get('');
    return listOf(db, found, found?.value.people ?? [], input);
  },
  'systems.list'(db, input) {
    const found = latestDeclared(db, 'systems.list').get('');
    return listOf(db, found, found?.value.systems ?? [], input);
  },
  'inventory.mapping': (db) => tagMapping(db),
  'policyDocument.current'(db) {
    const found = latestDeclared(db, 'policy.document').get('');
    if (!found) return { document: null };
    const { attachment, ...facts } = found.value;
    return { document: { ...recorded(found), ...facts, file: fileFinder(db)(attachment) } };
  },
  'approved.list'(db, { after, limit }) {
    const fileOf = fileFinder(db);
    const rows = [...approvedLists(db)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(([subject]) => after === null || subject > after)
      .slice(0, limit + 1)
      .map(([subject, found]) => {
        const { attachment, ...list } = found.value;
        return { subject, ...recorded(found), ...list, file: fileOf(attachment) };
      });
    return cutPage(rows, limit, ({ subject }) => subject);
  },
  'members.list'(db) {
    const fileOf = fileFinder(db);
    const rosters = [...latestDeclared(db, 'principals.members').values()].map((found) => {
      const { attachment, ...roster } = found.value;
      return { ...recorded(found), ...roster, file: fileOf(attachment) };
    });
    return { rosters };
  },
  'rotation.list'(db) {
    const fileOf = fileFinder(db);
    const schedules = [...latestDeclared(db, 'rotation.schedule').values()].map((found) => ({
      ...{ subject: found.subject, ...recorded(found), ...found.value },
    }));
    const rotations = declared(db, 'rotation.manual').map((found) => {
      const { evidenceSha256, ...rotation } = found.value;
      return { key: found.subject, ...recorded(found), ...rotation, evidence: fileOf(evidenceSha256) };
    });
    return { schedules, rotations: rotations.sort((a, b) => (a.rotatedAt > b.rotatedAt ? -1 : 1)) };
  },
  'samples.list': (db) => ({
    samples: declared(db, 'sample.drawn')
      .reverse()
      .map((found) => ({ ...recorded(found), ...found.value })),
  }),
  'review.later'(db, { review }) {
    const { signed, remedied, addenda } = readReview(db, review);
    const fileOf = fileFinder(db);
    const covered = new Set(addenda.flatMap(({ value }) => value.remedied));
    return {
      record: fileOf(signed?.value.attachment ?? null),
      remedied: remedied.map((found) => {
        const { evidence, ...remedy } = found.value;
        const inAddendum = covered.has(remedy.item);
        return { ...recorded(found), ...remedy, evidence: fileOf(evidence), inAddendum };
      }),
      addenda: addenda.map((found) => {
        const { attachment, signer, signedAt, provenAt, remedied: items } = found.value;
        const about = { signer: signer.name, signedAt, provenAt, remedied: items };
        return { ...recorded(found), ...about, file: fileOf(attachment) };
      }),
    };
  },
  'review.clients'(db) {
    const fileOf = fileFinder(db);
    const reviews = [...latestDeclared(db, 'review.client')].map(([id, found]) => {
      const { attachment, ...facts } = found.value;
      return { id, ...recorded(found), ...facts, file: fileOf(attachment) };
    });
    return { reviews };
  },
};

const recorded = ({ seq, at, by }: Declaration<DeclarationKind>) => ({ seq, at, by: by.name });

/** A page of a list; rows have no names of their own, so a page is asked for by the place of the last row had. */
function listOf<T>(
  db: ReadableDb,
  found: Declaration<'people.roster' | 'systems.list'> | undefined,
  all: readonly T[],
  { after, limit }: { after: string | null; limit: number },
) {
  const start = after === null ? 0 : Number(after) + 1;
  const rows = all.slice(start, start + limit);
  const last = start + rows.length - 1;
  return {
    rows,
    next: last + 1 < all.length ? String(last) : null,
    list: found
      ? {
          ...{ ...recorded(found), asOf: found.value.asOf, rows: all.length },
          file: fileFinder(db)(found.value.attachment),
        }
      : null,
  };
}

/** Finds attached files, to be opened from the window. */
function fileFinder(db: ReadableDb): (sha256: string | null) => Blob | null {
  const names = new Map(attachments(db).map((attachment) => [attachment.sha256, attachment.name]));
  return (sha256) => {
    const name = sha256 === null ? undefined : names.get(sha256);
    const bytes = sha256 === null ? null : bodyBytes(db, sha256);
    if (sha256 === null || name === undefined || bytes === null) return null;
    return bodyBlob(sha256, bytes, name, name.endsWith('.pdf') ? 'application/pdf' : '');
  };
}
