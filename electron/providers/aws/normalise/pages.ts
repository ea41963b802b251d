import type { Answer, AnswerStatus } from '../../../derive/answer.ts';
import { flag, text, type JsonObject } from './wire.ts';

/** The pages of one list, followed from the first by their tokens. */
export interface Pages {
  /** Answered pages in order. */
  pages: { seq: number; body: JsonObject }[];
  /** True when the last page says that there is no further one. */
  complete: boolean;
  /** 'ok' when complete; else why not. A next page that was never asked is 'interrupted'. */
  status: AnswerStatus;
  code: string | null;
  /** The entry that decides: the last page, or the one that failed. */
  last: Answer;
  first: Answer;
}

const REQUEST_TOKENS = ['Marker', 'NextToken', 'nextToken'];

/** The page token of a request; '' for the first page. */
export function requestToken(params: JsonObject): string {
  for (const name of REQUEST_TOKENS) {
    const token = text(params[name]);
    if (token !== null) return token;
  }
  return '';
}

/** The token of the next page as an answer gives it; null when this page is the last. */
export function nextToken(body: JsonObject): string | null {
  if (flag(body.Truncated) === false || flag(body.IsTruncated) === false) return null;
  return (
    text(body.NextMarker) ??
    (flag(body.IsTruncated) === true ? text(body.Marker) : null) ??
    text(body.NextToken) ??
    text(body.nextToken)
  );
}

/**
 * Sorts answers into lists by `groupOf` and follows each from its first page. Pages that an interrupted run left
 * behind (their token is not reached any more) are not counted twice.
 *
 * @param unwrap the object that holds items and token, for answers that wrap it (IAM's `…Result`).
 */
export function followPages(
  answers: readonly Answer[],
  groupOf: (answer: Answer) => string,
  unwrap: (body: JsonObject) => JsonObject = (body) => body,
): Map<string, Pages> {
  return new Map(eachList(answers, groupOf, unwrap));
}

/** The same, one list at a time: the bodies of a hundred thousand lists are not held together. */
export function* eachList(
  answers: readonly Answer[],
  groupOf: (answer: Answer) => string,
  unwrap: (body: JsonObject) => JsonObject = (body) => body,
): Generator<[group: string, list: Pages]> {
  const groups = new Map<string, Map<string, Answer>>();
  for (const answer of answers) {
    const group = groupOf(answer);
    const pages = groups.get(group) ?? new Map<string, Answer>();
    pages.set(requestToken(answer.params()), answer);
    groups.set(group, pages);
  }
  for (const [group, byToken] of groups) {
    const first = byToken.get('') ?? byToken.values().next().value!;
    yield [group, follow(first, byToken, unwrap)];
  }
}

function follow(
  first: Answer,
  byToken: Map<string, Answer>,
  unwrap: (body: JsonObject) => JsonObject,
): Pages {
  const pages: Pages['pages'] = [];
  const seen = new Set<Answer>();
  let at = first;
  for (;;) {
    seen.add(at);
    const body = at.status === 'ok' ? unwrap(at.body()) : {};
    if (at.status !== 'ok') {
      return { pages, complete: false, status: at.status, code: at.code, last: at, first };
    }
    pages.push({ seq: at.seq, body });
    const token = nextToken(body);
    if (token === null) return { pages, complete: true, status: 'ok', code: null, last: at, first };
    const next = byToken.get(token);
    if (!next || seen.has(next)) {
      return { pages, complete: false, status: 'interrupted', code: null, last: at, first };
    }
    at = next;
  }
}
