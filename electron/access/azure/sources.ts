import type { PathStep, RawPointer, ReportedCondition } from '../types.ts';
import { maskOf, type ActionMask, type Model } from './key-actions.ts';
import type {
  AccessPolicyEntry,
  AzureSubscription,
  AzureVault,
  RoleAssignment,
  ScheduleInstance,
} from './model.ts';
import type { Roles } from './roles.ts';
import { levelOf, normalScope, type KeyScopes, type Level } from './scope.ts';

/** Something that gives a principal id a set of operations on a key, before deny assignments. */
export interface Source {
  principalId: string;
  principalType: string | undefined;
  mask: ActionMask;
  steps: readonly PathStep[];
  conditions: readonly ReportedCondition[];
  /** Deny assignments bind what ARM roles give; access policies and an HSM's local roles are outside of them. */
  deniable: boolean;
  /** Operations carry access-policy permission names instead of data action names. */
  byPermission: boolean;
  unknown: readonly string[];
}

type AssignmentDocument = Extract<
  RawPointer['document'],
  | 'role-assignment'
  | 'role-eligibility-schedule-instance'
  | 'role-assignment-schedule-instance'
  | 'hsm-role-assignment'
>;

const reach = (model: Model, level: Level): ActionMask => maskOf(model, (action) => action.level <= level);

const abac = (text: string, rawPointer: RawPointer): ReportedCondition => ({
  operator: 'RoleCondition',
  key: 'condition',
  values: [text],
  effect: 'allow',
  rawPointer,
});

function* fromAssignment(
  assignment: RoleAssignment,
  document: AssignmentDocument,
  step: PathStep['type'],
  level: Level,
  model: Model,
  roles: Roles,
  extra: { steps?: readonly PathStep[]; conditions?: readonly ReportedCondition[] } = {},
): Generator<Source> {
  const { roleDefinitionId, principalId, principalType, condition } = assignment.properties;
  const definition = roles.find(roleDefinitionId, assignment.id);
  if (definition === undefined) return;
  const local = document === 'hsm-role-assignment';
  const name = definition.properties.roleName;
  for (const block of roles.blocks(definition, model, local ? ['local'] : planesOf(model))) {
    const mask = block.mask & reach(model, level);
    if (mask === 0n) continue;
    const definitionPointer: RawPointer = {
      document: local ? 'hsm-role-definition' : 'role-definition',
      of: definition.id,
      path: `/properties/permissions/${block.index}`,
    };
    yield {
      principalId,
      principalType: principalType ?? undefined,
      mask,
      steps: [
        {
          type: 'role-definition',
          id: definition.id,
          ...(name === undefined ? {} : { name }),
          statementIndex: block.index,
          rawPointer: definitionPointer,
        },
        {
          type: step,
          id: assignment.id,
          name: assignment.properties.scope === '' ? '/' : assignment.properties.scope,
          rawPointer: { document, of: assignment.id, path: '' },
        },
        ...(extra.steps ?? []),
      ],
      conditions: [
        ...(block.condition === undefined
          ? []
          : [abac(block.condition, { ...definitionPointer, path: `${definitionPointer.path}/condition` })]),
        ...(condition === undefined || condition === null
          ? []
          : [abac(condition, { document, of: assignment.id, path: '/properties/condition' })]),
        ...(extra.conditions ?? []),
      ],
      deniable: !local,
      byPermission: false,
      unknown: [],
    };
  }
}

/** Under access policies data actions of roles do nothing; ARM roles say nothing about an HSM's keys. */
const planesOf = (model: Model): readonly ('control' | 'data')[] =>
  model === 'rbac' || model === 'unread' ? ['control', 'data'] : ['control'];

/** Instances outside their dates do not count. Without a moment every listed one does: ARM lists what is in force. */
function inForce({ properties }: ScheduleInstance, at: string | undefined): boolean {
  if (at === undefined) return true;
  const now = Date.parse(at);
  const { startDateTime, endDateTime } = properties;
  if (startDateTime && Date.parse(startDateTime) > now) return false;
  return !(endDateTime && Date.parse(endDateTime) <= now);
}

/** What ARM role assignments, activations and eligibilities give over a key. */
export function* roleSources(
  subscription: AzureSubscription,
  at: KeyScopes,
  model: Model,
  roles: Roles,
  moment: string | undefined,
): Generator<Source> {
  const active = (subscription.activeInstances ?? []).filter((instance) => inForce(instance, moment));
  const byOrigin = new Map<string, ScheduleInstance>();
  for (const instance of active) {
    const origin = instance.properties.originRoleAssignmentId;
    if (origin) byOrigin.set(normalScope(origin), instance);
  }
  const listed = new Set<string>();
  for (const assignment of subscription.roleAssignments ?? []) {
    listed.add(normalScope(assignment.id));
    const level = levelOf(assignment.properties.scope, at);
    if (level === undefined) continue;
    const steps = activation(byOrigin.get(normalScope(assignment.id)));
    yield* fromAssignment(assignment, 'role-assignment', 'role-assignment', level, model, roles, { steps });
  }
  for (const instance of active) {
    const origin = instance.properties.originRoleAssignmentId;
    if (origin && listed.has(normalScope(origin))) continue;
    const level = levelOf(instance.properties.scope, at);
    if (level === undefined) continue;
    yield* fromAssignment(
      instance,
      'role-assignment-schedule-instance',
      instance.properties.assignmentType === 'Activated' ? 'role-activation' : 'role-assignment',
      level,
      model,
      roles,
    );
  }
  for (const instance of subscription.eligibilities ?? []) {
    const level = levelOf(instance.properties.scope, at);
    if (level === undefined || !inForce(instance, moment)) continue;
    const document = 'role-eligibility-schedule-instance';
    const condition: ReportedCondition = {
      operator: 'PimActivation',
      key: 'eligible',
      values: [`until ${instance.properties.endDateTime ?? 'no end'}`],
      effect: 'allow',
      rawPointer: { document, of: instance.id, path: '' },
    };
    yield* fromAssignment(instance, document, 'role-eligibility', level, model, roles, {
      conditions: [condition],
    });
  }
}

function activation(instance: ScheduleInstance | undefined): PathStep[] {
  if (instance?.properties.assignmentType !== 'Activated') return [];
  return [
    {
      type: 'role-activation',
      id: instance.id,
      name: `until ${instance.properties.endDateTime ?? 'no end'}`,
      rawPointer: { document: 'role-assignment-schedule-instance', of: instance.id, path: '' },
    },
  ];
}

/** What a managed HSM's local roles give over a key. Scopes: `/`, `/keys`, `/keys/{name}`. */
export function* localSources(vault: AzureVault, keyName: string, roles: Roles): Generator<Source> {
  for (const assignment of vault.local?.roleAssignments ?? []) {
    const scope = normalScope(assignment.properties.scope);
    const level =
      scope === '' ? 4 : scope === '/keys' || scope === `/keys/${keyName.toLowerCase()}` ? 0 : undefined;
    if (level === undefined) continue;
    yield* fromAssignment(
      assignment,
      'hsm-role-assignment',
      'hsm-role-assignment',
      level,
      'managed-hsm',
      roles,
    );
  }
}

/** What the access policies of a vault give over each of its keys. */
export function* policySources(vault: AzureVault, model: Model): Generator<Source> {
  const policies: readonly AccessPolicyEntry[] = vault.properties?.accessPolicies ?? [];
  for (const [i, entry] of policies.entries()) {
    if (entry.objectId === undefined) continue;
    const given = new Set((entry.permissions?.keys ?? []).map((name) => name.toLowerCase()));
    // `all` has never included purge, which must be named.
    const mask = maskOf(
      model,
      ({ permission }) =>
        permission !== undefined &&
        (given.has(permission.toLowerCase()) || (given.has('all') && permission !== 'purge')),
    );
    if (mask === 0n) continue;
    const rawPointer: RawPointer = {
      document: 'vault',
      of: vault.id,
      path: `/properties/accessPolicies/${i}`,
    };
    const home = vault.properties?.tenantId;
    const foreign =
      entry.tenantId !== undefined &&
      home !== undefined &&
      entry.tenantId.toLowerCase() !== home.toLowerCase();
    yield {
      principalId: entry.objectId,
      principalType: undefined,
      mask,
      steps: [{ type: 'access-policy', id: entry.objectId, statementIndex: i, rawPointer }],
      conditions: entry.applicationId
        ? [
            {
              operator: 'SignedInThrough',
              key: 'applicationId',
              values: [entry.applicationId],
              effect: 'allow',
              rawPointer: { ...rawPointer, path: `${rawPointer.path}/applicationId` },
            },
          ]
        : [],
      deniable: false,
      byPermission: true,
      unknown: foreign
        ? [`the access policy names tenant ${entry.tenantId}, the vault trusts tenant ${home}`]
        : [],
    };
  }
}
