import type { Answer, AnswerStatus, JsonObject } from '../../../derive/answer.ts';
import { asObject, list, text } from '../../aws/normalise/wire.ts';

/** A list as its pages gave it. */
export interface List {
  first: Answer;
  last: Answer;
  pages: number;
  items: { item: JsonObject; answer: Answer }[];
  complete: boolean;
  status: AnswerStatus;
  code: string | null;
}

/** Puts pages that belong together back into one list: same source, place and question but for the page. */
export function listsOf(answers: readonly Answer[]): List[] {
  const lists = new Map<string, List>();
  for (const answer of answers) {
    const { page: _page, ...asked } = answer.params();
    const key = [
      answer.source,
      answer.scope || `file ${answer.seq}`,
      answer.label,
      JSON.stringify(asked),
    ].join('\n');
    const body = answer.status === 'ok' ? answer.body() : {};
    const items = list(body.value).map((item) => ({ item: asObject(item), answer }));
    const ends =
      answer.status === 'ok' && text(body.nextLink) === null && text(body['@odata.nextLink']) === null;
    const known = lists.get(key);
    if (known) {
      known.last = answer;
      known.pages += 1;
      known.items.push(...items);
      known.complete = ends;
      known.status = answer.status;
      known.code = answer.code;
    } else {
      const { status, code } = answer;
      lists.set(key, { first: answer, last: answer, pages: 1, items, complete: ends, status, code });
    }
  }
  return [...lists.values()];
}
