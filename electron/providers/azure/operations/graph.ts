import { json, restOperation, type Page } from '../operation.ts';
import { graphReads } from './quotas.ts';

/** An object of Entra ID, as far as it is asked for. Properties that the caller may not read come as null. */
export interface GraphObject {
  '@odata.type'?: string;
  id?: string;
}

const PERMISSION = 'Directory.Read.All';
const SELECT =
  'id,displayName,userPrincipalName,userType,accountEnabled,servicePrincipalType,appId,appOwnerOrganizationId';
const common = {
  service: 'graph',
  plane: 'graph',
  scopeKind: 'global',
  quota: graphReads,
  answer: json('value'),
  permissions: [PERMISSION],
} as const;
const docs = (page: string) => `https://learn.microsoft.com/graph/api/${page}`;

/** Microsoft Graph takes this many ids in one question. */
export const IDS_AT_ONCE = 1000;

/** Who stands behind the ids that roles and access policies name. Read by Microsoft Graph, which Azure roles say nothing of. */
export const graph = {
  /** A POST that reads: the ids would be too long for an address. */
  getDirectoryObjects: restOperation<Page<GraphObject>>({
    ...common,
    action: 'GetDirectoryObjects',
    purpose:
      'Names and kinds of the users, groups and applications that hold rights; guests, disabled accounts, and ids that no longer exist.',
    rest: (cloud, { ids }) => ({
      url: `${cloud.graph}/v1.0/directoryObjects/getByIds?$select=${SELECT}`,
      method: 'POST',
      body: { ids, types: ['user', 'group', 'servicePrincipal', 'device'] },
    }),
    docs: docs('directoryobject-getbyids'),
  }),
  listGroupMembers: restOperation<Page<GraphObject>>({
    ...common,
    action: 'ListGroupMembers',
    purpose: 'Who is in a group that holds rights, group by group down to people and applications.',
    notApplicable: [{ code: 'Request_ResourceNotFound', meaning: 'the group no longer exists' }],
    rest: (cloud, { group, page }) => ({
      url: page ?? `${cloud.graph}/v1.0/groups/${group}/members?$select=${SELECT}&$top=999`,
    }),
    docs: docs('group-list-members'),
  }),
};
