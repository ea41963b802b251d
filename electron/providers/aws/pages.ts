import type { Answer } from '../../collect/asker.ts';

/** Pages of a list until it ends or a page fails; says which. */
export interface Paged<O> {
  pages: O[];
  /** False when a page could not be had: the list is incomplete, and the exchange says why. */
  complete: boolean;
}

/**
 * Asks for page after page. Every page is an exchange; the token of the next one is in its parameters.
 *
 * @param next the token of the next page, undefined when there is none
 */
export async function allPages<O>(
  ask: (token: string | undefined) => Promise<Answer<O>>,
  next: (output: O) => string | undefined,
): Promise<Paged<O>> {
  const pages: O[] = [];
  let token: string | undefined;
  do {
    const answer = await ask(token);
    if (!answer.ok) return { pages, complete: answer.notApplicable !== null };
    pages.push(answer.output);
    const following = next(answer.output);
    // A provider that hands out the same token for ever must not hold us for ever.
    if (following !== undefined && following === token) return { pages, complete: false };
    token = following;
  } while (token);
  return { pages, complete: true };
}
