import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import { CollectError } from '../../collect/error.ts';
import type { Answer, Asker, Perform } from '../../collect/asker.ts';
import type { CallTicket } from '../../recorder/aws-adapter.ts';
import type { Clients } from './clients.ts';
import type { AwsOperation } from './operation.ts';
import { globalRegion } from './partition.ts';

/** Where and for what a question is asked. */
export interface Where {
  region: string;
  /** Tells apart calls that are the same but for their purpose. */
  label?: string;
}

/** Asks AWS one question; see {@link Asker.ask}. */
export type AskAws = <I, O>(op: AwsOperation<I, O>, input: I & object, where: Where) => Promise<Answer<O>>;

/** @param account the caller's account id, `unknown` before it is known */
export function askAws(asker: Asker, clients: Clients, account: string, sourceId: string): AskAws {
  return <I, O>(op: AwsOperation<I, O>, input: I & object, { region, label = '' }: Where) => {
    const at = op.scopeKind === 'global' ? globalRegion(region) : region;
    const scope = `${account}/${op.scopeKind === 'global' ? 'global' : region}`;
    const client = clients.of(op.service, at);
    const Command = op.command as unknown as new (input: object) => object;

    const perform: Perform<O> = async (call, replaySeq, signal) => {
      const ticket: CallTicket = { call, replaySeq, recorded: null };
      let output: O | null = null;
      let failure: unknown = null;
      try {
        output = (await client.send(new Command(input), { abortSignal: signal, ticket })) as O;
      } catch (error) {
        failure = error;
      }
      const { recorded } = ticket;
      if (!recorded) throw notSent(failure, signal, sourceId, op.action);
      const message = recorded.facts.outcome === 'error' && failure instanceof Error ? failure.message : null;
      return { recorded, output, message };
    };
    return asker.ask({ op, scope, label, params: canonicalJson(input), perform });
  };
}

/** Why a call was not even sent: mostly, no credentials could be had. */
function notSent(failure: unknown, signal: AbortSignal, source: string, action: string): unknown {
  if (signal.aborted) return signal.reason;
  const name = failure instanceof Error ? failure.name : '';
  if (/Credentials|Token/.test(name)) return noCredentials(source, action, failure as Error);
  return failure;
}

export function noCredentials(source: string, action: string, cause: Error): CollectError {
  return new CollectError(
    'CREDENTIALS',
    `cannot ask ${action} for source ${source}: no credentials (${oneLine(cause.message)}). ${remedyOf(cause.message)}`,
    { cause },
  );
}

/** The SDK's own words end with a full stop and may run over lines. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
}

function remedyOf(message: string): string {
  if (/multi-factor|MFA/.test(message))
    return 'Run it in a terminal, where the code of the second factor can be asked, or use a profile that holds a session; then resume.';
  return 'Sign in (for IAM Identity Center: aws sso login), then resume.';
}
