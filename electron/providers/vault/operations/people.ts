import { vaultOperation } from '../operation.ts';

/** Auth methods: the roles, users and groups that tokens and their policies come from. */
export const auth = {
  listRoles: vaultOperation({
    service: 'auth',
    method: 'LIST',
    action: 'ListRoles',
    policyPath: 'auth/{mount}/{roles}',
    purpose: 'Roles, users and groups of an auth method.',
    docs: 'auth',
  }),
  readRole: vaultOperation({
    service: 'auth',
    method: 'GET',
    action: 'ReadRole',
    policyPath: 'auth/{mount}/{role}/+',
    purpose: 'Which policies signing in as this role, user or group gives, and to whom it is bound.',
    notApplicable: [{ code: 'NotFound', meaning: 'the role no longer exists' }],
    docs: 'auth',
  }),
};

/** Identities behind tokens. */
export const identity = {
  listEntities: vaultOperation({
    service: 'identity',
    method: 'LIST',
    action: 'ListEntities',
    policyPath: 'identity/entity/id',
    purpose: 'Identities that Vault knows.',
    docs: 'secret/identity/entity#list-entities-by-id',
  }),
  readEntity: vaultOperation({
    service: 'identity',
    method: 'GET',
    action: 'ReadEntity',
    policyPath: 'identity/entity/id/*',
    purpose: 'Policies, groups and sign-ins of an identity.',
    notApplicable: [{ code: 'NotFound', meaning: 'the identity no longer exists' }],
    docs: 'secret/identity/entity#read-entity-by-id',
  }),
  listGroups: vaultOperation({
    service: 'identity',
    method: 'LIST',
    action: 'ListGroups',
    policyPath: 'identity/group/id',
    purpose: 'Groups of identities.',
    docs: 'secret/identity/group#list-groups-by-id',
  }),
  readGroup: vaultOperation({
    service: 'identity',
    method: 'GET',
    action: 'ReadGroup',
    policyPath: 'identity/group/id/*',
    purpose: 'Policies and members of a group.',
    notApplicable: [{ code: 'NotFound', meaning: 'the group no longer exists' }],
    docs: 'secret/identity/group#read-group-by-id',
  }),
  listEntityAliases: vaultOperation({
    service: 'identity',
    method: 'LIST',
    action: 'ListEntityAliases',
    policyPath: 'identity/entity-alias/id',
    purpose: 'How identities are named by auth methods.',
    docs: 'secret/identity/entity-alias#list-entity-aliases-by-id',
  }),
  listGroupAliases: vaultOperation({
    service: 'identity',
    method: 'LIST',
    action: 'ListGroupAliases',
    policyPath: 'identity/group-alias/id',
    purpose: 'Groups that an auth method fills.',
    docs: 'secret/identity/group-alias#list-group-aliases-by-id',
  }),
};
