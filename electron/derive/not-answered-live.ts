import type { Answer } from './answer.ts';
import type { Derivation } from './derivation.ts';

/**
 * Exported answers that count beside live ones: those to questions that no live answer settles. An export of what was
 * answered live too stays evidence and is not read: its lists (grants, names, people) are of another moment.
 *
 * @param given exported answers to one action
 * @param live what became of the same action when it was asked
 */
export function notAnsweredLive(
  derivation: Derivation,
  given: readonly Answer[],
  live: readonly Answer[],
): readonly Answer[] {
  if (given.length === 0 || live.length === 0) return given;
  const settled = new Map<string, boolean>();
  for (const answer of live) {
    const question = questionOf(derivation, answer);
    settled.set(question, (settled.get(question) ?? true) && answer.status === 'ok');
  }
  return given.filter((answer) => settled.get(questionOf(derivation, answer)) !== true);
}

/** What was asked about: a key by its id, whatever way it was named, or the scope and what it names. */
function questionOf(derivation: Derivation, answer: Answer): string {
  const key = derivation.keyOfQuestion(answer);
  if (key !== null) return `key ${key.slice(key.lastIndexOf('/') + 1)}`;
  const [account, region] = answer.scope.split('/');
  return [account, region === 'global' ? '' : region, derivation.subjectOf(answer)].join('\n');
}
