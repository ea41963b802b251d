import type { Answer } from '../../collect/asker.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AzureSource } from '../../engagement/engagement.ts';
import type { NamedPrincipals } from './collect-directory.ts';
import type { AzureInput, AzureOperation, Page } from './operation.ts';
import type { KeyPage } from './operations/keys.ts';
import { scopeOf } from './scope.ts';
import type { SignedIn } from './sign-in.ts';

/** What every collection step of an Azure tenant works with. */
export interface AzureRun extends SignedIn {
  run: SourceRun<AzureSource>;
  /** Ids that roles and policies named so far. */
  principals: NamedPrincipals;
}

/** Pages of a list until it ends or a page fails; says which. */
export interface Paged<T> {
  items: T[];
  /** False when a page could not be had: the list is incomplete, and the ledger says why. */
  complete: boolean;
  /** Why the list could not even be begun: the provider's code; null when it could. */
  code: string | null;
}

type AnyPage<T> = Page<T> | KeyPage;

/** Asks for page after page. Each is an exchange, with the link that gave it among its parameters. */
export async function allPages<T>(
  azure: AzureRun,
  op: AzureOperation<Page<T>>,
  input: AzureInput,
  label?: string,
): Promise<Paged<T>>;
export async function allPages(
  azure: AzureRun,
  op: AzureOperation<KeyPage>,
  input: AzureInput,
  label?: string,
): Promise<Paged<KeyPage['names'][number]>>;
export async function allPages(
  azure: AzureRun,
  op: AzureOperation,
  input: AzureInput,
  label = '',
): Promise<Paged<never>> {
  const items: unknown[] = [];
  let page: string | undefined;
  const followed = new Set<string>();
  for (let first = true; ; first = false) {
    const asked = { ...input, ...(page === undefined ? {} : { page }) };
    const answer: Answer<AnyPage<unknown>> = await azure.ask(
      op as AzureOperation<AnyPage<unknown>>,
      asked,
      label,
    );
    if (!answer.ok) {
      const code = first && answer.notApplicable === null ? answer.code : null;
      return { items: items as never[], complete: answer.notApplicable !== null, code };
    }
    items.push(...('names' in answer.output ? answer.output.names : (answer.output.value ?? [])));
    const next = nextOf(answer.output);
    if (next === undefined) return { items: items as never[], complete: true, code: null };
    // A provider whose links go round in a circle must not hold us for ever.
    if (followed.has(next) || !sameOrigin(next, originOf(azure, op, input))) {
      await noteBrokenLink(azure, op, input, next);
      return { items: items as never[], complete: false, code: null };
    }
    followed.add(next);
    page = next;
  }
}

const nextOf = (page: AnyPage<unknown>): string | undefined =>
  ('names' in page ? page.next : (page.nextLink ?? page['@odata.nextLink'])) || undefined;

function originOf(azure: AzureRun, op: AzureOperation, input: AzureInput): string {
  const { plane } = op;
  return new URL(plane === 'arm' || plane === 'graph' ? azure.cloud[plane] : (input.uri ?? '')).origin;
}

/** A token must not follow a link to another host. */
function sameOrigin(link: string, origin: string): boolean {
  return URL.canParse(link) && new URL(link).origin === origin;
}

function noteBrokenLink(azure: AzureRun, op: AzureOperation, input: AzureInput, link: string) {
  const host = URL.canParse(link) ? new URL(link).host : 'nowhere';
  return azure.run.asking.note({
    scope: scopeOf(azure.tenant, input),
    op: op.id,
    what: 'unreadable-answer',
    from: null,
    to: null,
    reason: `the list goes on at ${host}, which is another place or one already read: it was not followed`,
  });
}
