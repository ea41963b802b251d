import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import { blob, nothing, ofSnapshot } from './shared.ts';
import { engine, read } from './method.ts';

const facts = {
  title: z.string().min(1),
  version: z.string().min(1),
  approver: z.string().min(1).nullable().default(null),
  approvedAt: z.iso.date().nullable().default(null),
  nextReview: z.iso.date().nullable().default(null),
};

export const procedure = {
  /** The organisation's procedure as last attached, and what it does not cover. */
  'procedure.current': read(
    z.strictObject(ofSnapshot),
    z.strictObject({
      document: z
        .strictObject({
          title: z.string(),
          version: z.string(),
          approver: z.string().nullable(),
          approvedAt: z.string().nullable(),
          nextReview: z.string().nullable(),
          location: z.string().nullable(),
          sha256: z.string(),
          /** Why its words could not be read; null when they could. */
          unreadable: z.string().nullable(),
          seq: z.int(),
          by: z.string(),
          download: blob.nullable(),
        })
        .nullable(),
      /** Providers whose keys are in the inventory. */
      systemsInUse: z.array(z.string()),
      missing: z.strictObject({ steps: z.array(z.string()), systems: z.array(z.string()) }).nullable(),
    }),
  ),
  /** Attaches the document as given (PDF, DOCX or Markdown). */
  'procedure.attach': engine(
    z.strictObject({
      path: z.string().min(1),
      ...facts,
      location: z.string().min(1).nullable().default(null),
      operator,
    }),
    nothing,
  ),
  /** Writes a procedure filled from the inventory, to edit; .docx or .md. */
  'procedure.template': engine(
    z.strictObject({ ...ofSnapshot, path: z.string().regex(/\.(docx|md)$/) }),
    z.strictObject({ path: z.string() }),
  ),
};
