import { inventoryOf, listInventory } from '../../../db/derived/inventory.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { bodyBytes } from '../../../db/ledger/bodies.ts';
import { cutPage } from '../../../db/derived/page.ts';
import { attachments } from '../../review/attachments.ts';
import { inventoryVersions } from '../../review/inventory.ts';
import { currentProcedure, notCovered, systemsInUse } from '../../review/procedure.ts';
import { mentions, readReview, reviewIds } from '../../review/review.ts';
import { bodyBlob } from '../service/blobs.ts';
import type { Reads } from './read.ts';
import { snapshotOf } from './snapshot.ts';

export const recordReads: Reads<
  | 'inventory.list'
  | 'inventory.of'
  | 'inventory.versions'
  | 'procedure.current'
  | 'review.list'
  | 'review.items'
> = {
  'inventory.list': (db, input) => listInventory(db, snapshotOf(db, input), input),
  'inventory.of': (db, input) => ({ row: inventoryOf(db, snapshotOf(db, input), input.key) ?? null }),
  'inventory.versions': (db) => ({
    versions: inventoryVersions(db).map(({ version, seq, snapshot, keys, approver, approvedAt, by }) => ({
      ...{ version, seq, snapshot, keys, approver, approvedAt, by },
    })),
  }),
  'procedure.current'(db, input) {
    const systems = systemsInUse(db, snapshotOf(db, input));
    const found = currentProcedure(db);
    if (!found) return { document: null, systemsInUse: systems, missing: null };
    const { title, version, approver, approvedAt, nextReview, location, unreadable, seq, by } = found;
    return {
      document: {
        ...{ title, version, approver, approvedAt, nextReview, location, unreadable, seq, by },
        sha256: found.attachment,
        download: attachedBlob(db, found.attachment),
      },
      systemsInUse: systems,
      missing: found.words === null ? null : notCovered(found.words, systems),
    };
  },
  'review.list': (db) => ({ reviews: reviewIds(db).map((id) => summaryOf(db, id)) }),
  'review.items'(db, { review, kind, subject, undecided, search, after, limit }) {
    const found = mentions(search);
    const { items } = readReview(db, review);
    const start = after === null ? 0 : items.findIndex((item) => item.id === after) + 1;
    const rows = [];
    for (let at = start; at < items.length && rows.length <= limit; at += 1) {
      const item = items[at]!;
      if (kind !== undefined && item.kind !== kind) continue;
      if (subject !== undefined && item.subject !== subject) continue;
      if (undecided && item.decided !== null) continue;
      if (!found(item)) continue;
      rows.push(item);
    }
    return cutPage(rows, limit, (item) => item.id);
  },
};

function summaryOf(db: ReadableDb, id: string) {
  const { opened, items, undecided, signed } = readReview(db, id);
  const { snapshot, reviewer, population, notIndependent } = opened.value;
  const kinds = (['access', 'rotation', 'logging', 'exception'] as const).map((kind) => {
    const members = items.filter((item) => item.kind === kind);
    return {
      kind,
      items: members.length,
      undecided: members.filter((item) => item.decided === null).length,
    };
  });
  return {
    ...{ id, snapshot, reviewer, population, notIndependent, undecided, kinds },
    openedAt: opened.at,
    items: items.length,
    signed: signed && {
      method: signed.value.method,
      signer: signed.value.signer.name,
      signedAt: signed.value.signedAt,
      provenAt: signed.value.provenAt,
      timePending: signed.value.timePending,
      attachment: signed.value.attachment,
    },
  };
}

function attachedBlob(db: ReadableDb, sha256: string) {
  const bytes = bodyBytes(db, sha256);
  const file = attachments(db).find((attachment) => attachment.sha256 === sha256);
  if (bytes === null || !file) return null;
  return bodyBlob(sha256, bytes, file.name, file.name.endsWith('.pdf') ? 'application/pdf' : '');
}
