/** What cannot be said when an operation has no answer, by its action. */
const EFFECTS: Record<string, string> = {
  Health: 'which cluster answered is not confirmed',
  LookupSelf: 'who collected is not confirmed by the server',
  ReadLogFiles: 'uses of keys, and changes to keys and policies, are not known from the audit log',
  SealStatus: 'how the barrier key is protected is not known',
  Leader: 'which node leads is not known',
  HaStatus: 'the nodes of the cluster are not known: each writes audit logs of its own',
  KeyStatus: 'the age of the barrier key is not known',
  RotateConfig: 'whether the barrier key rotates by itself is not known',
  KeyringRotateConfig: 'whether the barrier key rotates by itself is not known',
  SanitizedConfig: 'TLS settings, seals and storage of the servers are not known',
  AuditDevices: 'audit devices are not known; tests of logging are undetermined',
  AuditedRequestHeaders: 'which request headers audit logs show is not known',
  LicenseStatus: 'edition and licensed features are not known',
  ReplicationStatus: 'whether other clusters hold the same keys is not known',
  ListManagedKeys: 'keys held outside of Vault are not all known',
  ListNamespaces:
    'namespaces below this one are not known; one could be missing from the collection unnoticed',
  ListMounts: 'secrets engines of this namespace are not known; its keys are not in the inventory',
  ReadMountTune: 'what of this engine’s requests audit logs show in the clear is not known',
  ListAuthMethods: 'ways to sign in to this namespace are not known; who holds which policy is not known',
  ListRoles: 'roles of this auth method are not all known; tests of access are undetermined',
  ReadRole: 'which policies this role gives is not known; tests of access are undetermined',
  ListPolicies: 'policies of this namespace are not known; tests of access are undetermined',
  ReadPolicy: 'what this policy allows is not known; tests of access are undetermined',
  ListRoleGoverningPolicies: 'whether Sentinel policies take rights away is not known',
  ListEndpointGoverningPolicies: 'whether Sentinel policies take rights away is not known',
  ListEntities: 'identities of this namespace are not all known; tests of access are undetermined',
  ReadEntity: 'policies and groups of this identity are not known; tests of access are undetermined',
  ListGroups: 'groups of this namespace are not all known; tests of access are undetermined',
  ReadGroup: 'policies and members of this group are not known; tests of access are undetermined',
  ListEntityAliases: 'how auth methods name identities is not all known',
  ListGroupAliases: 'which groups auth methods fill is not all known',
  AuditHash: 'where this value stands in the audit log is not known',
  CapabilitiesSelf: 'our reading of policies could not be checked against the server’s',
  ListKeys: 'the keys of this engine are not all known; the inventory is incomplete there',
  ReadKey:
    'type, rotation, version dates and protections of this key are not known; tests of it are undetermined',
  ReadKeysConfig: 'whether using an unknown name makes a key is not known',
  ReadCacheConfig: 'how many keys the engine holds in memory is not known',
  ReadConfig: 'how long versions of secrets are kept is not known',
  ListMetadata: 'secrets in this folder are not known',
  ReadMetadata: 'when this secret was last changed is not known',
};

/** What is not known when this operation went unanswered. */
export function effectOf(action: string): string {
  return EFFECTS[action] ?? `the answer of ${action} is missing`;
}
