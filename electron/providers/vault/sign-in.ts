import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import { entries } from '../../../db/ledger/read.ts';
import { createAsker, type Answer } from '../../collect/asker.ts';
import { CollectError } from '../../collect/error.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { VaultSource } from '../../engagement/vault-source.ts';
import { replay } from '../../recorder/finals.ts';
import { vaultAnswers } from '../../recorder/vault-answers.ts';
import { askVault, type AskVault, type VaultOutput } from './ask-vault.ts';
import { createClients } from './clients.ts';
import { vaultEndingOf } from './endings.ts';
import { logIn } from './log-in.ts';
import { signInOperations, sys } from './operations/index.ts';
import type { Prompter } from './secrets.ts';

/** Who collects, and the way to ask as them. */
export interface SignedIn {
  /** The cluster's id. */
  cluster: string;
  caller: VaultCaller;
  ask: AskVault;
}

/** The collector as lookup-self describes it; sealed into every exchange. */
export interface VaultCaller {
  /** `vault:<cluster>/<path the token came from>/<display name>` */
  arn: string;
  account: string;
  /** Entity id, or the token's display name. */
  userId: string;
  policies: string[];
  identityPolicies: string[];
  /** Namespace of the token. */
  namespace: string;
  type: string;
  /** Seconds the token was good for when it was looked up; 0 is for ever. */
  ttl: number;
  /** Made by itself, not under another token. */
  orphan: boolean;
}

/** Every state answers 200: a node that stands by or is sealed is a fact, not an error. */
const ANY_STATE = {
  standbyok: 'true',
  perfstandbyok: 'true',
  drsecondarycode: '200',
  sealedcode: '200',
  uninitcode: '200',
};

/**
 * Asks which cluster answers, signs in, and asks who that is. Asked anew in every run, never answered from the ledger: a
 * resumed run may have another token, and must not mix clusters.
 *
 * @throws CollectError CREDENTIALS, WRONG_ACCOUNT, UNAVAILABLE
 */
export async function signIn(run: SourceRun<VaultSource>, prompter: Prompter | null): Promise<SignedIn> {
  const { source, recorder, asking, agents } = run;
  let expires = Infinity;
  const reader = vaultAnswers(() => Date.now() >= expires);
  const clients = createClients(recorder, agents, source.address, reader);
  const anonymous = createAsker({ ...asking, caller: () => null, endingOf: vaultEndingOf });
  const home = source.namespace ?? '';

  const asked = askVault(anonymous, clients, 'unknown');
  const health = await asked(sys.health, {
    ...{ namespace: '', path: 'sys/health', label: nextLabel(run, sys.health.id), query: ANY_STATE },
  });
  const cluster = clusterOf(source, health);
  refuseOtherCluster(run, cluster);

  const ask = askVault(anonymous, clients, cluster);
  const token = await logIn({ run, prompter, ask, label: (op) => nextLabel(run, op.id) });
  clients.signIn(token);
  const looked = await ask(signInOperations.lookupSelf, {
    ...{
      namespace: home,
      path: 'auth/token/lookup-self',
      label: nextLabel(run, signInOperations.lookupSelf.id),
    },
  });
  const caller = callerOf(source, cluster, looked);
  if (caller.ttl > 0) expires = Date.now() + caller.ttl * 1000;
  const sealed = canonicalJson({ ...caller });
  const asker = createAsker({ ...asking, caller: () => sealed, endingOf: vaultEndingOf });
  return { cluster, caller, ask: askVault(asker, clients, cluster) };
}

function clusterOf(source: VaultSource, health: Answer<VaultOutput>): string {
  if (!health.ok) {
    throw new CollectError(
      'UNAVAILABLE',
      `cannot collect source ${source.id}: ${source.address} did not say which cluster it is (${health.code}). ` +
        (health.code === 'Redirected'
          ? 'It points to another server, and a token is never sent along: give that server’s address in the source.'
          : 'Check the address, the network and the certificate authority, then resume the snapshot.'),
    );
  }
  const { sealed, initialized, cluster_id: id } = health.output;
  if (sealed === true || initialized === false) {
    throw new CollectError(
      'UNAVAILABLE',
      `cannot collect source ${source.id}: the server is ${sealed === true ? 'sealed' : 'not initialised'}. ` +
        'Ask its operators to unseal it, then resume the snapshot.',
    );
  }
  return typeof id === 'string' && id !== '' ? id : new URL(source.address).host;
}

function callerOf(source: VaultSource, cluster: string, looked: Answer<VaultOutput>): VaultCaller {
  const data = looked.ok ? looked.output.data : null;
  if (!data) {
    throw new CollectError(
      'CREDENTIALS',
      `cannot go on with source ${source.id}: Vault did not say who asks (${looked.ok ? 'empty answer' : looked.code}). ` +
        'Allow auth/token/lookup-self [read] to the collector, then resume the snapshot.',
    );
  }
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '');
  const texts = (name: string): string[] =>
    Array.isArray(data[name]) ? data[name].filter((v) => typeof v === 'string') : [];
  const name = text('display_name') || text('path');
  return {
    arn: `vault:${cluster}/${text('namespace_path')}${text('path')}/${name}`,
    account: cluster,
    userId: text('entity_id') || name,
    policies: texts('policies'),
    identityPolicies: texts('identity_policies'),
    namespace: text('namespace_path').replace(/\/$/, ''),
    type: text('type'),
    ttl: typeof data.ttl === 'number' ? data.ttl : 0,
    orphan: data.orphan === true,
  };
}

/** A label that no exchange of this operation has yet in the snapshot: `run-1`, `run-2` … */
function nextLabel(run: SourceRun<VaultSource>, op: string): string {
  let last = 0;
  for (const { facts } of entries(run.writer.db, 'exchange', { op })) {
    if (facts.snapshot !== run.asking.snapshot || facts.source !== run.source.id) continue;
    const match = /^run-(\d+)/.exec(facts.label);
    if (match) last = Math.max(last, Number(match[1]));
  }
  return `run-${last + 1}`;
}

function refuseOtherCluster(run: SourceRun<VaultSource>, cluster: string): void {
  for (const { seq, facts } of entries(run.writer.db, 'exchange', { op: sys.health.id })) {
    const mine = facts.snapshot === run.asking.snapshot && facts.source === run.source.id;
    if (!mine || facts.outcome !== 'ok') continue;
    const body = replay(run.writer.db, seq).body?.toString('utf8') ?? '';
    const before = /"cluster_id"\s*:\s*"([^"]+)"/.exec(body)?.[1];
    if (before && before !== cluster) {
      throw new CollectError(
        'WRONG_ACCOUNT',
        `cannot resume source ${run.source.id}: the snapshot was begun on cluster ${before}, this is ${cluster}. ` +
          'Use the first cluster’s address, or collect a new snapshot.',
      );
    }
  }
}
