import type { ReadableDb } from '../../../db/handle.ts';
import type {
  VaultAccessInput,
  VaultAuthMount,
  VaultAuthRole,
  VaultEntity,
  VaultGroup,
  VaultNamespace,
  VaultTransitKey,
} from '../../access/vault/index.ts';
import { ROOT } from '../../providers/vault/ask-vault.ts';
import { authType, roleFolders } from '../../providers/vault/auth-roles.ts';
import { mountOfRole } from '../../providers/vault/normalise/principals.ts';
import { namespacePath } from '../../providers/vault/normalise/place.ts';
import { auth, identity, sys } from '../../providers/vault/operations/index.ts';

/** Derived rows of one cluster in the shape that the evaluator reads, with the ledger entries behind them. */
export interface ClusterAccess {
  cluster: string;
  input: VaultAccessInput;
  /** Entries that hold policies, roles and identities. */
  cites: number[];
  /** The entry that describes each key, by key id. */
  keySeqs: Map<string, number>;
  /** What was not read of who may do what, in words; null when all was. */
  missing: string | null;
}

interface PrincipalRow {
  kind: string;
  id: string;
  name: string;
  detail: string;
  seq: number;
}

interface GapRow {
  scope: string;
  op: string;
  subject: string;
  reason: string;
  code: string | null;
}

/** Reads what decides access to the transit keys of each cluster of a snapshot. */
export function clusterAccess(db: ReadableDb, snapshot: string): ClusterAccess[] {
  const clusters = db
    .prepare<[string], string>(
      "SELECT DISTINCT account FROM key WHERE snapshot = ? AND provider = 'vault' AND basis <> 'logged' ORDER BY account",
    )
    .pluck()
    .all(snapshot);
  return clusters.map((cluster) => oneCluster(db, snapshot, cluster));
}

function oneCluster(db: ReadableDb, snapshot: string, cluster: string): ClusterAccess {
  const principals = db
    .prepare<[string, string], PrincipalRow>(
      'SELECT kind, id, name, detail, seq FROM principal WHERE snapshot = ? AND account = ? ORDER BY kind, id',
    )
    .all(snapshot, cluster)
    .map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }));
  const gaps = db
    .prepare<[string, string], GapRow>(
      `SELECT scope, op, subject, reason, code FROM gap
        WHERE snapshot = ? AND substr(scope, 1, instr(scope, '/') - 1) = ? ORDER BY n`,
    )
    .all(snapshot, cluster)
    .filter(({ op }) => DECIDING.has(op));
  const { keys, keySeqs } = keysOf(db, snapshot, cluster);
  const methods = methodsOf(db, snapshot, cluster);
  const namespaces = [
    ...new Set([ROOT, ...methods.map((m) => m.namespace), ...principals.map((p) => namespaceOf(p.detail))]),
  ].sort();
  return {
    cluster,
    input: {
      namespaces: namespaces.map((namespace) =>
        oneNamespace(
          namespace,
          principals.filter((p) => namespaceOf(p.detail) === namespace),
          methods.filter((m) => m.namespace === namespace),
          gaps.filter((gap) => gap.scope === `${cluster}/${namespace}`),
        ),
      ),
      keys,
      at: collectedAt(db, snapshot),
    },
    cites: [...new Set([...principals.map((p) => p.seq), ...methods.map((m) => m.seq)])].sort(
      (a, b) => a - b,
    ),
    keySeqs,
    missing: gaps.length === 0 ? null : missingText(gaps),
  };
}

/** Operations without whose answers it is not known who may do what. */
const DECIDING = new Set([
  sys.listPolicies.id,
  sys.readPolicy.id,
  sys.authMethods.id,
  auth.listRoles.id,
  auth.readRole.id,
  identity.listEntities.id,
  identity.readEntity.id,
  identity.listGroups.id,
  identity.readGroup.id,
]);

const namespaceOf = (detail: Record<string, unknown>): string =>
  typeof detail.namespace === 'string' ? detail.namespace : ROOT;

const SHOWN = 3;

function missingText(gaps: readonly GapRow[]): string {
  const shown = gaps.slice(0, SHOWN).map(whyText).join('; ');
  return gaps.length > SHOWN ? `${shown}; and ${gaps.length - SHOWN} more (see the gaps)` : shown;
}

function whyText({ subject, op, reason, code }: GapRow): string {
  return `${subject || op} was ${reason}${code === null ? '' : ` (${code})`}`;
}

function oneNamespace(
  namespace: string,
  principals: readonly (Omit<PrincipalRow, 'detail'> & { detail: Record<string, unknown> })[],
  methods: readonly Method[],
  gaps: readonly GapRow[],
): VaultNamespace {
  const gapOf = (op: string, subject?: string): GapRow | undefined =>
    gaps.find((gap) => gap.op === op && (subject === undefined || gap.subject === subject));
  const why = (op: string): string | undefined => {
    const gap = gapOf(op);
    return gap && whyText(gap);
  };
  const of = (kind: string) => principals.filter((p) => p.kind === kind);
  const unread = gaps
    .filter((gap) => gap.op === sys.readPolicy.id)
    .map((gap) => ({
      name: gap.subject.replace(/^sys\/policies\/acl\//, ''),
      text: null,
      missing: whyText(gap),
    }));
  const policies = of('policy').map(({ name, detail }) => ({ name, text: detail.policy as string }));
  const types = new Map(methods.map((m) => [m.mount, m.type]));
  const roles = of('auth role').map((row) => {
    const path = row.id.slice(namespacePath(namespace).length);
    return {
      mount: mountOfRole(path, types),
      role: { name: row.name, data: row.detail.role } as VaultAuthRole,
    };
  });
  const policiesMissing = why(sys.listPolicies.id);
  const authMissing = why(sys.authMethods.id);
  const entitiesMissing = why(identity.listEntities.id);
  const groupsMissing = why(identity.listGroups.id);
  return {
    path: namespacePath(namespace),
    policies: policiesMissing === undefined ? [...policies, ...unread] : null,
    ...(policiesMissing !== undefined && { policiesMissing }),
    auth:
      authMissing === undefined
        ? methods.map((method): VaultAuthMount => {
            const mine = roles.filter(({ mount }) => mount === method.mount).map(({ role }) => role);
            const refused = (roleFolders(method.type) ?? [])
              .map(({ list }) => gapOf(auth.listRoles.id, `auth/${method.mount}/${list}`))
              .find((gap) => gap !== undefined);
            return {
              path: `${method.mount}/`,
              type: method.type,
              accessor: method.accessor,
              roles: refused && mine.length === 0 ? null : mine,
              ...(refused && { rolesMissing: whyText(refused) }),
            };
          })
        : null,
    ...(authMissing !== undefined && { authMissing }),
    entities: entitiesMissing === undefined ? of('entity').map((p) => p.detail.entity as VaultEntity) : null,
    ...(entitiesMissing !== undefined && { entitiesMissing }),
    groups: groupsMissing === undefined ? of('group').map((p) => p.detail.group as VaultGroup) : null,
    ...(groupsMissing !== undefined && { groupsMissing }),
  };
}

interface Method {
  namespace: string;
  mount: string;
  type: string;
  accessor: string;
  seq: number;
}

function methodsOf(db: ReadableDb, snapshot: string, cluster: string): Method[] {
  return db
    .prepare<[string, string], { region: string; name: string; value: string; seq: number }>(
      `SELECT region, name, value, seq FROM cluster_setting
        WHERE snapshot = ? AND account = ? AND kind = 'auth method' ORDER BY region, name`,
    )
    .all(snapshot, cluster)
    .map(({ region, name, value, seq }) => {
      const { type = '', accessor = '' } = JSON.parse(value) as { type?: string; accessor?: string };
      return { namespace: region, mount: name, type: authType(type), accessor, seq };
    });
}

function keysOf(
  db: ReadableDb,
  snapshot: string,
  cluster: string,
): { keys: VaultTransitKey[]; keySeqs: Map<string, number> } {
  const rows = db
    .prepare<
      [string, string],
      { id: string; region: string; native_id: string; usage: string | null; seq: number | null }
    >(
      `SELECT id, region, native_id, usage, seq FROM key
        WHERE snapshot = ? AND account = ? AND provider = 'vault' AND basis <> 'logged' ORDER BY id`,
    )
    .all(snapshot, cluster);
  const settings = db
    .prepare<[string, string, string], string>(
      'SELECT value FROM key_setting WHERE snapshot = ? AND key = ? AND name = ?',
    )
    .pluck();
  const keySeqs = new Map<string, number>();
  const keys = rows.map(({ id, region, native_id, usage, seq }): VaultTransitKey => {
    if (seq !== null) keySeqs.set(id, seq);
    const [mount = '', name = ''] = native_id.split('/keys/');
    const flag = (setting: string): boolean | undefined => {
      const value = settings.get(snapshot, id, setting);
      return value === undefined ? undefined : value === 'true';
    };
    const [exportable, backup] = [flag('exportable'), flag('allow_plaintext_backup')];
    return {
      ...{ id, name, mount: `${mount}/`, namespace: namespacePath(region.slice(0, -mount.length - 1)) },
      ...(usage !== null && {
        supportsEncryption: usage.includes('ENCRYPT'),
        supportsDecryption: usage.includes('ENCRYPT'),
        supportsSigning: usage.includes('SIGN'),
      }),
      ...(exportable !== undefined && { exportable }),
      ...(backup !== undefined && { allowPlaintextBackup: backup }),
    };
  });
  return { keys, keySeqs };
}

/** When the snapshot was last answered: rules of OpenBao that had expired by then are left out. */
function collectedAt(db: ReadableDb, snapshot: string): string {
  return (
    db
      .prepare<[string], string | null>('SELECT max(last) FROM call_count WHERE snapshot = ?')
      .pluck()
      .get(snapshot) ?? '1970-01-01T00:00:00.000Z'
  );
}
