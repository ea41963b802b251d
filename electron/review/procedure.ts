import type { ReadableDb } from '../../db/handle.ts';
import { declare, latestDeclared, type Declared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import { procedureDocument } from '../engagement/records.ts';
import type { Work } from '../engine/with-engagement.ts';
import { attach, type GivenFile } from './attachments.ts';
import { documentText } from './document-text.ts';
import type { DocumentFacts } from './policy.ts';

/**
 * Attaches the organisation's key management procedure and reads its words, for the tests of what it covers.
 *
 * @param location where the organisation keeps it: a repository address.
 */
export async function attachProcedure(
  { writer }: Work,
  by: Operator,
  file: GivenFile,
  facts: DocumentFacts & { location: string | null },
): Promise<Declared<'procedure.document'>> {
  const text = await documentText(file);
  const { sha256 } = await attach(writer, 'procedure', file);
  const value = procedureDocument.parse({ ...facts, attachment: sha256, ...text });
  await declare(writer, by, 'procedure.document', '', value);
  return value;
}

/** What a procedure must say how to do, and the words by which it is found. */
export const STEPS = {
  create: /\b(creat\w*|generat\w*|provision\w*)\b/i,
  rotate: /\b(rotat\w*|re-?key\w*|renew\w*)\b/i,
  revoke: /\b(revok\w*|revocation|disabl\w*|withdraw\w*|suspend\w*)\b/i,
  delete: /\b(delet\w*|destr(oy|uct)\w*|dispos\w*)\b/i,
} as const;
export type Step = keyof typeof STEPS;

/** Key management systems by provider id, the words that name each in a document, and its name in the report. */
export const SYSTEMS: Readonly<Record<string, { name: string; words: RegExp }>> = {
  aws: {
    name: 'AWS KMS',
    words: /\b(aws[\s-]*(kms|key management)|amazon[\s-]*(kms|key management)|aws)\b/i,
  },
  azure: {
    name: 'Azure Key Vault',
    words: /\b(azure[\s-]*(key[\s-]*vault|managed[\s-]*hsm)|key[\s-]*vault)\b/i,
  },
  vault: {
    name: 'HashiCorp Vault',
    words: /\b(hashicorp[\s-]*vault|openbao|vault (transit|server|cluster)|transit (secrets )?engine)\b/i,
  },
};

/** What of a text a procedure must cover is missing: steps, and systems found in use. */
export function notCovered(
  words: string,
  providers: readonly string[],
): { steps: Step[]; systems: string[] } {
  const about = sentencesAboutKeys(words);
  return {
    steps: (Object.keys(STEPS) as Step[]).filter(
      (step) => !about.some((sentence) => STEPS[step].test(sentence)),
    ),
    systems: providers
      .filter((id) => SYSTEMS[id] && !SYSTEMS[id].words.test(words))
      .map((id) => SYSTEMS[id]!.name),
  };
}

/** Sentences that are about keys, by their own words or those of their heading: "delete the file" says nothing about keys. */
function sentencesAboutKeys(words: string): string[] {
  let heading = '';
  return words.split(/\n+/).flatMap((line) => {
    if (/^#+\s/.test(line) || (line.length < 80 && !/[.!?;:,]\s*$/.test(line) && !/^\s*[-*•]/.test(line)))
      heading = line;
    return line.split(/(?<=[.!?;:])\s+/).filter((sentence) => ABOUT_KEYS.test(`${heading} ${sentence}`));
  });
}

const ABOUT_KEYS = /\b(keys?|cmks?|kms|vault|cryptograph\w*)\b/i;

/** Key management systems that keys of a snapshot lie in, by provider id. */
export function systemsInUse(db: ReadableDb, snapshot: string): string[] {
  return db
    .prepare<[string], string>(
      "SELECT DISTINCT provider FROM key WHERE snapshot = ? AND belongs = 'inventory' AND (manager IS NULL OR manager <> 'provider') ORDER BY provider",
    )
    .pluck()
    .all(snapshot);
}

/** The procedure as last attached, with its ledger entry; null without one. */
export function currentProcedure(
  db: ReadableDb,
): (Declared<'procedure.document'> & { seq: number; by: string }) | null {
  const found = latestDeclared(db, 'procedure.document').get('');
  return found ? { ...found.value, seq: found.seq, by: found.by.name } : null;
}
