import type { KeyRow } from '../../db/derived/keys.ts';
import type { DeclarationKind } from '../engagement/declarations.ts';
import { latestDeclared, type Declaration } from '../engagement/declarations.ts';
import { evidenceRequired, exception, pass, type Answer, type Answers } from './control.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';
import { notRead } from './test-keys.ts';
import { tagOf } from './tags.ts';
import { throughout } from './throughout.ts';

/** Something a key must have on record: in a tag, or declared in the engagement. */
export interface OnRecord<W extends DeclarationKind> {
  /** Tag names, first match wins. */
  tags: readonly string[];
  declaration: W;
  /** The declared value as a sentence part: "owner Maria Lopez". */
  said: (value: Declaration<W>['value']) => string;
  /** "owner", "justification of its key material". */
  what: string;
}

/** Answers whether something is on record for a key; a tag that could not be read leaves it open. */
export function onRecord<W extends DeclarationKind>(
  context: ControlContext,
  key: KeyRow,
  record: OnRecord<W>,
): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  const tag = tagOf(context, key, record.tags);
  if (tag) {
    const now = pass(`Tag ${tag.name} of the key names its ${record.what}: ${tag.value}.`, [
      ...cites,
      tag.seq,
    ]);
    return { collection: now, period: tagged(context, key, now, record.what) };
  }
  const declared = declaredFor(context, record.declaration).get(key.id);
  if (declared) {
    const sentence = `The ${record.what} is declared: ${record.said(declared.value)} (declared by ${declared.by.name} on ${day(declared.at)}).`;
    return {
      collection: pass(sentence, [...cites, declared.seq]),
      period: evidenceRequired(
        `${sentence} The declaration does not show since when; the client's inventory of the period is required.`,
        [...cites, declared.seq],
      ),
    };
  }
  const tags = context.asked(key.id, 'ListResourceTags');
  if (tags.status !== 'ok' && tags.status !== 'not-applicable') {
    const open = notRead(tags, `No ${record.what} is declared, and the tags of the key could not be read`);
    return { collection: open, period: open };
  }
  const none = exception(
    tags.status === 'ok'
      ? `No ${record.what} is on record: the key has none of the tags ${record.tags.join(', ')}, and none is declared.`
      : `No ${record.what} is on record: none is declared. ${tags.message ?? ''}`.trimEnd(),
    [...cites, ...(tags.seq === null ? [] : [tags.seq])],
  );
  return { collection: none, period: tagged(context, key, none, record.what) };
}

function tagged(context: ControlContext, key: KeyRow, now: Answer, what: string): Answer {
  return throughout(context, {
    subject: key.id,
    account: key.account,
    region: key.region,
    settings: ['tags'],
    created: key.created,
    now,
    what: `the ${what} was on record`,
  });
}

const cache = new WeakMap<ControlContext, Map<DeclarationKind, unknown>>();

/** The latest declarations of one kind, read once per run. */
function declaredFor<W extends DeclarationKind>(
  context: ControlContext,
  what: W,
): Map<string, Declaration<W>> {
  const kinds = cache.get(context) ?? new Map<DeclarationKind, unknown>();
  cache.set(context, kinds);
  if (!kinds.has(what)) kinds.set(what, latestDeclared(context.db, what));
  return kinds.get(what) as Map<string, Declaration<W>>;
}
