import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import { entries } from '../../../db/ledger/read.ts';
import { createAsker } from '../../collect/asker.ts';
import { CollectError } from '../../collect/error.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AzureSource } from '../../engagement/engagement.ts';
import { recordingHttpClient, signInHttpClient } from '../../recorder/azure-adapter.ts';
import type { Call } from '../../recorder/call.ts';
import { httpsSender, type Sender } from '../../recorder/https-sender.ts';
import { askAzure, noCredentials, type AskAzure } from './ask-azure.ts';
import { AZURE_CLOUDS, tokenScope, type AzureCloud } from './clouds.ts';
import { credentialOf, type AzureSecrets } from './credentials.ts';
import { azureEndingOf } from './endings.ts';
import { signInOperationOf } from './operations/sign-in.ts';

/** Who collects, and the way to ask as them. */
export interface SignedIn {
  tenant: string;
  /** How the token names who asks, and its object id; empty when it does not say. */
  name: string;
  userId: string;
  cloud: AzureCloud;
  ask: AskAzure;
  close(): void;
}

/**
 * Gets a token and reads from it who that is. Asked anew in every run, never answered from the ledger: a resumed run may
 * have other credentials, and must not mix tenants.
 *
 * @throws CollectError CREDENTIALS, WRONG_ACCOUNT
 */
export async function signIn(run: SourceRun<AzureSource>, given: AzureSecrets | null): Promise<SignedIn> {
  const { source, recorder, agents, asking } = run;
  const cloud = AZURE_CLOUDS[source.cloud];
  const sender = httpsSender(agents, sampleOf(source));
  const http = signInHttpClient(recorder, sender, signInCalls(run), asking.signal);
  try {
    const credential = await credentialOf(source, cloud, http, given ?? {});
    const token = await firstToken(run, credential, cloud);
    const caller = callerOf(token.token, source);
    refuseOtherTenant(run, caller.account);
    return {
      tenant: caller.account,
      name: caller.arn,
      userId: caller.userId,
      cloud,
      ...asks(run, sender, credential, cloud, caller),
    };
  } catch (error) {
    sender.destroy();
    throw error;
  }
}

function asks(
  run: SourceRun<AzureSource>,
  sender: Sender,
  credential: TokenCredential,
  cloud: AzureCloud,
  caller: Caller,
): Pick<SignedIn, 'ask' | 'close'> {
  const json = canonicalJson(caller);
  const asker = createAsker({ ...run.asking, caller: () => json, endingOf: azureEndingOf });
  const http = recordingHttpClient(run.recorder, sender);
  const access = { source: run.source.id, tenant: caller.account, cloud, credential, http };
  return { ask: askAzure(asker, access), close: () => sender.destroy() };
}

function sampleOf({ sampleEndpoint, sampleCa }: AzureSource) {
  return sampleEndpoint === null ? null : { endpoint: sampleEndpoint, ca: sampleCa ?? '' };
}

async function firstToken(
  run: SourceRun<AzureSource>,
  credential: TokenCredential,
  cloud: AzureCloud,
): Promise<AccessToken> {
  let token: AccessToken | null;
  try {
    token = await credential.getToken(tokenScope(cloud, 'arm'), { abortSignal: run.asking.signal });
  } catch (error) {
    run.asking.signal.throwIfAborted();
    throw noCredentials(run.source.id, 'who collects', error as Error);
  }
  if (token === null) throw noCredentials(run.source.id, 'who collects', new Error('no token was given'));
  return token;
}

/** Every sign-in request is a call of its own, told apart by a running number over all runs of the snapshot. */
function signInCalls({ source, asking, writer }: SourceRun<AzureSource>): (url: URL) => Call {
  let last = 0;
  for (const { facts } of entries(writer.db, 'exchange', { snapshot: asking.snapshot })) {
    const match = /^sign-in-(\d+)$/.exec(facts.label);
    if (match && facts.source === source.id) last = Math.max(last, Number(match[1]));
  }
  return (url) => {
    const { id, bodyClass, keepHeaders, answer } = signInOperationOf(url);
    last += 1;
    return {
      snapshot: asking.snapshot,
      source: source.id,
      op: id,
      scope: `${source.tenant.toLowerCase()}/global`,
      label: `sign-in-${last}`,
      params: '{}',
      caller: null,
      attempt: 1,
      bodyClass,
      keepHeaders,
      answer,
    };
  };
}

/** Who calls, under the names the ledger uses for every provider. */
interface Caller {
  account: string;
  arn: string;
  userId: string;
}

/** Reads the token's own claims (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference). */
function callerOf(token: string, source: AzureSource): Caller {
  const claims = claimsOf(token);
  const text = (name: string): string => {
    const value = claims[name];
    return typeof value === 'string' ? value : '';
  };
  const application = text('appid') || text('azp');
  const person = text('upn') || text('unique_name') || text('preferred_username');
  return {
    account: (text('tid') || source.tenant).toLowerCase(),
    arn: person || (application ? `application ${application}` : `as ${source.credentials.from} says`),
    userId: text('oid'),
  };
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const value = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Opaque tokens are allowed; then the answers tell who asks, or nobody does.
    return {};
  }
}

function refuseOtherTenant({ source, asking, writer }: SourceRun<AzureSource>, tenant: string): void {
  const wanted = source.tenant.toLowerCase();
  if (tenant !== wanted) {
    throw new CollectError(
      'WRONG_ACCOUNT',
      `cannot collect source ${source.id}: the credentials belong to tenant ${tenant}, the source names ${wanted}. ` +
        'Sign in to the source’s tenant.',
    );
  }
  if (asking.snapshot === '') return;
  for (const { facts, values } of entries(writer.db, 'exchange', { snapshot: asking.snapshot })) {
    if (facts.source !== source.id || !values.caller) continue;
    const before = (JSON.parse(values.caller) as { account?: string }).account;
    if (before !== undefined && before !== tenant) {
      throw new CollectError(
        'WRONG_ACCOUNT',
        `cannot resume source ${source.id}: the snapshot was begun in tenant ${before}, these credentials belong to ${tenant}. ` +
          'Use credentials of the first tenant, or collect a new snapshot.',
      );
    }
    return;
  }
}
