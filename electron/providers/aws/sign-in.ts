import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import { entries } from '../../../db/ledger/read.ts';
import { createAsker, type Asker } from '../../collect/asker.ts';
import { CollectError } from '../../collect/error.ts';
import type { GivenCredentials } from '../../collect/run-options.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { AwsSource } from '../../engagement/engagement.ts';
import { plainHandler, recordingHandler, type RecordingHandler } from '../../recorder/aws-adapter.ts';
import { replay } from '../../recorder/finals.ts';
import { askAws, noCredentials, type AskAws } from './ask-aws.ts';
import { createClients } from './clients.ts';
import { credentialsOf, remembered } from './credentials.ts';
import { awsEndingOf } from './endings.ts';
import { sts } from './operations/index.ts';
import { homeRegion } from './partition.ts';
import { signInHandler } from './sign-in-handler.ts';

/** What of the operator's answers concerns AWS; null when nothing was given. */
export type GivenAws = Pick<GivenCredentials, 'aws' | 'awsMfaCode'> | null;

/** Who collects, and the way to ask as them. */
export interface SignedIn {
  account: string;
  arn: string;
  ask: AskAws;
}

/**
 * Gets credentials, takes the source's role when it has one, and asks who that is. Asked anew in every run, never
 * answered from the ledger: a resumed run may have other credentials, and must not mix accounts.
 *
 * @param given credentials to use instead of the source's own (the sample environment), and who is asked for codes
 * @throws CollectError CREDENTIALS, WRONG_ACCOUNT.
 */
export async function signIn(run: SourceRun<AwsSource>, given: GivenAws): Promise<SignedIn> {
  const { source, recorder, asking, agents } = run;
  const inner = plainHandler(agents);
  const handler = recordingHandler(recorder, inner);
  const first = remembered(
    given?.aws ??
      credentialsOf(source, signInHandler(recorder, inner, asking.snapshot, source.id), given?.awsMfaCode),
  );
  const credentials = source.assumeRole ? remembered(await roleCredentials(run, handler, first)) : first;

  const identity = await whoAmI(run, handler, credentials, '');
  refuseOtherAccount(run, identity.account);
  const caller = canonicalJson(identity);
  const asker = createAsker({ ...asking, caller: () => caller, endingOf: awsEndingOf });
  const clients = createClients(handler, credentials, source.sampleEndpoint);
  return { ...identity, ask: askAws(asker, clients, identity.account, source.id) };
}

async function whoAmI(
  run: SourceRun<AwsSource>,
  handler: RecordingHandler,
  credentials: AwsCredentialIdentityProvider,
  suffix: string,
): Promise<{ account: string; arn: string; userId: string }> {
  await credentials().catch((error: Error) => {
    throw noCredentials(run.source.id, 'GetCallerIdentity', error);
  });
  const clients = createClients(handler, credentials, run.source.sampleEndpoint);
  const ask = askAws(anonymous(run), clients, 'unknown', run.source.id);
  const label = nextLabel(run, sts.getCallerIdentity.id, 'run') + suffix;
  const answer = await ask(sts.getCallerIdentity, {}, { region: homeRegion(run.source.regions), label });
  if (!answer.ok) {
    throw new CollectError(
      'CREDENTIALS',
      `cannot go on with source ${run.source.id}: AWS did not say who asks (${answer.code}). ` +
        'Check the network and the credentials, then resume the snapshot.',
    );
  }
  const { Account, Arn, UserId } = answer.output;
  return { account: Account ?? 'unknown', arn: Arn ?? '', userId: UserId ?? '' };
}

/** Takes the role agreed on with the client; each session is an exchange without a body. */
async function roleCredentials(
  run: SourceRun<AwsSource>,
  handler: RecordingHandler,
  base: AwsCredentialIdentityProvider,
): Promise<AwsCredentialIdentityProvider> {
  const { source } = run;
  const { roleArn, externalId } = source.assumeRole!;
  const identity = await whoAmI(run, handler, base, '-before-role');
  const clients = createClients(handler, base, source.sampleEndpoint);
  const ask = askAws(anonymous(run, canonicalJson(identity)), clients, identity.account, source.id);
  const input = {
    RoleArn: roleArn,
    RoleSessionName: 'keywitness',
    DurationSeconds: 3600,
    ...(externalId !== null && { ExternalId: externalId }),
  };
  return async (): Promise<AwsCredentialIdentity> => {
    const label = nextLabel(run, sts.assumeRole.id, 'session');
    const answer = await ask(sts.assumeRole, input, { region: homeRegion(source.regions), label });
    const got = answer.ok ? answer.output.Credentials : undefined;
    if (!got?.AccessKeyId || !got.SecretAccessKey || !got.SessionToken) {
      throw new CollectError(
        'CREDENTIALS',
        `cannot assume ${roleArn} for source ${source.id}: ${answer.ok ? 'the answer holds no credentials' : answer.code}. ` +
          'Check the role’s trust policy and the external id, then resume the snapshot.',
      );
    }
    return {
      accessKeyId: got.AccessKeyId,
      secretAccessKey: got.SecretAccessKey,
      sessionToken: got.SessionToken,
      ...(got.Expiration && { expiration: got.Expiration }),
    };
  };
}

/** An asker whose exchanges name no caller, or the one that takes a role. */
function anonymous(run: SourceRun<AwsSource>, caller: string | null = null): Asker {
  return createAsker({ ...run.asking, caller: () => caller, endingOf: awsEndingOf });
}

/** A label that no exchange of this operation has yet in the snapshot: `run-1`, `run-2` … */
function nextLabel(run: SourceRun<AwsSource>, op: string, prefix: string): string {
  let last = 0;
  const { snapshot } = run.asking;
  for (const { facts } of entries(run.writer.db, 'exchange', { op })) {
    if (facts.snapshot !== snapshot || facts.source !== run.source.id) continue;
    const match = new RegExp(`^${prefix}-(\\d+)`).exec(facts.label);
    if (match) last = Math.max(last, Number(match[1]));
  }
  return `${prefix}-${last + 1}`;
}

function refuseOtherAccount(run: SourceRun<AwsSource>, account: string): void {
  const { snapshot } = run.asking;
  for (const { seq, facts } of entries(run.writer.db, 'exchange', { op: sts.getCallerIdentity.id })) {
    const mine = facts.snapshot === snapshot && facts.source === run.source.id;
    if (!mine || facts.outcome !== 'ok' || !/^run-\d+$/.test(facts.label)) continue;
    const body = replay(run.writer.db, seq).body?.toString('utf8') ?? '';
    const before = /<Account>(\d{12})<\/Account>/.exec(body)?.[1];
    if (before && before !== account) {
      throw new CollectError(
        'WRONG_ACCOUNT',
        `cannot resume source ${run.source.id}: the snapshot was begun in account ${before}, these credentials belong to ${account}. ` +
          'Use credentials of the first account, or collect a new snapshot.',
      );
    }
  }
}
