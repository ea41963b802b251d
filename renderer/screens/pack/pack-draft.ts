import type { InputOf } from '../../../electron/api/contract.ts';
import type { TimestampChoice } from '../../../electron/api/shared.ts';
import type { Operator } from '../../../electron/engagement/engagement.ts';
import { isNamed, signerOf, type SignerDraft } from '../../seal/signer-draft.ts';

/** What is decided about a pack besides its signer. */
export interface PackDraft {
  urls: string;
  roots: readonly string[];
  folder: string;
  redaction: { on: boolean; fields: string; principals: string; reason: string };
}

/** The authorities asked for the time, or none. */
export function timestampOf({ urls, roots }: PackDraft): TimestampChoice {
  const named = urls.split(/[,\s]+/).filter((url) => url !== '');
  return named.length === 0 ? null : { urls: named, roots: [...roots] };
}

/** Why a pack cannot be previewed yet; null when it can. */
export function missingIn(draft: PackDraft, signer: SignerDraft): string | null {
  if (!isNamed(signer)) return 'Say who signs.';
  const bad = timestampOf(draft)?.urls.find((url) => !URL.canParse(url));
  if (bad !== undefined) return `${bad} is no address of a timestamp authority.`;
  const { on, fields, principals, reason } = draft.redaction;
  if (!on) return null;
  if (lines(fields).length + lines(principals).length === 0)
    return 'Name a field or a principal to withhold.';
  return reason.trim() === '' ? 'Say why values are withheld.' : null;
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What decides how the report looks: a preview stands as long as none of it changes. */
export const previewed = (snapshot: string, { redaction, urls }: PackDraft, signer: SignerDraft): string =>
  JSON.stringify({ snapshot, redaction, urls, signer: { ...signer, secret: '' } });

/** The draft as the contract takes it; `operator` is who decided what is withheld. */
export function packInput(
  snapshot: string,
  draft: PackDraft,
  signer: SignerDraft,
  operator: Operator | null,
): InputOf<'pack.preview'> {
  const { fields, principals, reason } = draft.redaction;
  return {
    snapshot,
    signer: signerOf(signer),
    timestamp: timestampOf(draft),
    redaction: operator && {
      fields: lines(fields),
      principals: lines(principals),
      reason: reason.trim(),
      operator,
    },
  };
}
