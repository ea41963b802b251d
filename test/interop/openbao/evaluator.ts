import { buildAcl, capabilitiesOf, parseVaultPolicy } from '../../../electron/access/vault/index.ts';
import type { VaultIdentity } from '../../../electron/access/vault/index.ts';
import type { OpenBao } from './server.ts';

/** Where our reading of policies and the server's differ; how many answers were compared. */
export interface Compared {
  compared: number;
  different: string[];
}

const SEGMENTS = ['a', 'b', 'ab', 'abc', 'keys'];
const CAPABILITIES = ['create', 'read', 'update', 'delete', 'list', 'patch', 'sudo', 'deny'];
/** Policies a token holds, and paths it is asked about. */
const [POLICIES, PATHS] = [3, 60];

/**
 * Puts policies made at random, and templated ones, to the server and to our evaluator, and compares what each says of many
 * paths (sys/capabilities): priority of exact, `+` and `*`, deny, merging of policies.
 */
export async function compareEvaluators(bao: OpenBao, rounds: number, seed = 1): Promise<Compared> {
  const random = numbers(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const path = (parts: readonly string[], most: number): string =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(parts)).join('/');
  const pattern = (): string => {
    const text = path([...SEGMENTS, '+'], 4);
    return random() < 0.4 && !text.endsWith('+') ? `${text}*` : random() < 0.1 ? `${text}/*` : text;
  };
  const result: Compared = { compared: 0, different: [] };
  const identity = await somebody(bao);
  for (let round = 0; round < rounds; round++) {
    const texts = Array.from({ length: 1 + Math.floor(random() * POLICIES) }, () =>
      Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
        const some = CAPABILITIES.filter((c) => random() < (c === 'deny' ? 0.08 : 0.35));
        const templated = random() < 0.15 ? `${pick(TEMPLATES)}/${pattern()}` : pattern();
        return `path "${templated}" { capabilities = ${JSON.stringify(some)} }`;
      }).join('\n'),
    );
    const asked = Array.from({ length: PATHS }, () => {
      const inside = path(SEGMENTS, 4);
      const whose = random() < 0.15 ? `${pick(['e-name', 'red', 'g-name', 'nobody'])}/` : '';
      return `${whose}${inside}${random() < 0.15 ? '/' : ''}`;
    });
    await compareOne(bao, texts, [...new Set(asked)], identity, round, result);
  }
  return result;
}

const TEMPLATES = [
  '{{identity.entity.name}}',
  '{{identity.entity.metadata.colour}}',
  '{{identity.entity.metadata.missing}}',
  '{{identity.groups.names.g-name.name}}',
];

/** An identity with metadata and a group, whose tokens templates are filled for. */
async function somebody({ must }: OpenBao): Promise<VaultIdentity & { role: string }> {
  const made = (await must('POST', 'identity/entity', { name: 'e-name', metadata: { colour: 'red' } })).data;
  const { id } = made as { id: string };
  const group = (await must('POST', 'identity/group', { name: 'g-name', member_entity_ids: [id] })).data as {
    id: string;
  };
  const methods = (await must('GET', 'sys/auth')).data as Record<string, { accessor: string }>;
  await must('POST', 'identity/entity-alias', {
    ...{ name: 'fuzz-user', canonical_id: id, mount_accessor: methods['userpass/']!.accessor },
  });
  await must('POST', 'auth/userpass/users/fuzz-user', { password: 'fuzz-password-1' });
  return {
    role: 'fuzz-user',
    entity: { id, name: 'e-name', metadata: { colour: 'red' } },
    groups: [{ id: group.id, name: 'g-name' }],
  };
}

async function compareOne(
  { must }: OpenBao,
  texts: readonly string[],
  paths: readonly string[],
  identity: VaultIdentity,
  round: number,
  result: Compared,
): Promise<void> {
  const names = texts.map((_, i) => `fuzz-${round}-${i}`);
  for (const [i, policy] of texts.entries()) await must('POST', `sys/policies/acl/${names[i]}`, { policy });
  await must('POST', 'auth/userpass/users/fuzz-user', {
    token_policies: names,
    token_no_default_policy: true,
  });
  const { auth } = (await must('POST', 'auth/userpass/login/fuzz-user', { password: 'fuzz-password-1' })) as {
    auth: { client_token: string };
  };
  const said = (await must('POST', 'sys/capabilities', { token: auth.client_token, paths })).data as Record<
    string,
    string[]
  >;
  const acl = buildAcl(
    texts.map((text, i) => ({ policy: parseVaultPolicy(names[i]!, text), namespace: '' })),
    identity,
  );
  for (const path of paths) {
    const [ours, theirs] = [capabilitiesOf(acl, path), [...said[path]!].sort()].map((list) => list.join(','));
    result.compared += 1;
    if (ours !== theirs)
      result.different.push(`${path}: server ${theirs}, ours ${ours}\n${texts.join('\n--\n')}`);
  }
  for (const name of names) await must('DELETE', `sys/policies/acl/${name}`);
}

/** Mulberry32: the same numbers from the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
