import type { Principal } from '../types.ts';
import type { DirectoryObject } from './model.ts';

/** The tenant in which Microsoft registers its own applications. */
const MICROSOFT_TENANT = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

type Shape = Pick<Principal, 'form' | 'kind' | 'kindReason'>;

/**
 * What a principal is. The directory's object decides; without it the type that the role assignment states; an access
 * policy states none.
 */
export function classify(
  object: DirectoryObject | undefined,
  statedType: string | undefined,
  homeTenant: string | undefined,
): Shape {
  if (object !== undefined) return byObject(object, homeTenant);
  const stated = `the assignment says ${statedType ?? ''}; the directory object was not read`;
  switch (statedType?.toLowerCase()) {
    case 'user':
      return { form: 'user', kind: 'human', kindReason: `Entra user: ${stated}` };
    case 'serviceprincipal':
      return { form: 'service-principal', kind: 'service', kindReason: `service principal: ${stated}` };
    case 'group':
      return { form: 'group', kind: 'unknown', kindReason: 'Entra group: members unknown' };
    case 'foreigngroup':
      return {
        form: 'foreign-group',
        kind: 'external-account',
        kindReason: 'group of another tenant: members unknown',
      };
    case 'device':
      return { form: 'unresolved', kind: 'service', kindReason: `device: ${stated}` };
    case undefined:
      return {
        form: 'unresolved',
        kind: 'unknown',
        kindReason: 'an object id without a type; the directory object was not read',
      };
    default:
      return {
        form: 'unresolved',
        kind: 'unknown',
        kindReason: `principal type "${statedType}" is not known`,
      };
  }
}

function byObject(object: DirectoryObject, homeTenant: string | undefined): Shape {
  const name = object.userPrincipalName ?? object.displayName ?? object.id;
  switch (object.type) {
    case 'User':
      return {
        form: 'user',
        kind: 'human',
        kindReason:
          (object.userType?.toLowerCase() === 'guest'
            ? `guest user from another organisation: ${name}`
            : `Entra user ${name}`) + disabled(object),
      };
    case 'Group':
      return { form: 'group', kind: 'unknown', kindReason: `Entra group ${name}: members unknown` };
    case 'ServicePrincipal': {
      if (object.servicePrincipalType?.toLowerCase() === 'managedidentity')
        return {
          form: 'managed-identity',
          kind: 'service',
          kindReason: `managed identity ${name}${disabled(object)}`,
        };
      const owner = object.appOwnerOrganizationId?.toLowerCase();
      if (owner === MICROSOFT_TENANT)
        return {
          form: 'service-principal',
          kind: 'cloud-service',
          kindReason: `Microsoft's own service ${name}`,
        };
      if (owner !== undefined && homeTenant !== undefined && owner !== homeTenant.toLowerCase())
        return {
          form: 'service-principal',
          kind: 'external-account',
          kindReason: `application ${name} registered in tenant ${owner}`,
        };
      return {
        form: 'service-principal',
        kind: 'service',
        kindReason: `service principal ${name}${disabled(object)}`,
      };
    }
  }
}

/** A right that nobody can use today is still held: the account can be enabled again. */
const disabled = ({ accountEnabled }: DirectoryObject): string =>
  accountEnabled === false ? ' (account disabled)' : '';
