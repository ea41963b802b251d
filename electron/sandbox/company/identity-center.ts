import type { Frame } from './frame.ts';

/** Somebody in the identity store. */
export interface StoreUser {
  id: string;
  userName: string;
  givenName: string;
  familyName: string;
  email: string;
  enabled: boolean;
}

export interface StoreGroup {
  id: string;
  name: string;
  /** Ids of users. */
  members: string[];
}

export interface PermissionSet {
  arn: string;
  name: string;
  description: string;
}

export interface Assignment {
  accountId: string;
  permissionSetArn: string;
  principalType: 'USER' | 'GROUP';
  principalId: string;
}

/** IAM Identity Center of the organisation: owned by its management account, delegated to the security account. */
export interface IdentityCenter {
  region: string;
  instanceArn: string;
  identityStoreId: string;
  ownerAccountId: string;
  delegatedAccountId: string;
  createdAt: number;
  permissionSets: PermissionSet[];
  users: StoreUser[];
  groups: StoreGroup[];
  assignments: Assignment[];
}

/** ARN of a permission set by its name; the same seed gives the same. */
export const permissionSetArn = (frame: Frame, name: string): string =>
  `arn:aws:sso:::permissionSet/${instanceId(frame)}/ps-${frame.random('permission-set', name).hex(16)}`;

const instanceId = (frame: Frame): string => `ssoins-${frame.random('identity-center').hex(16)}`;

/** Who signs in through it: by group and by name; one who left is still in a group, one is disabled. */
export function buildIdentityCenter(frame: Frame): IdentityCenter {
  const { production, security } = frame;
  const uuid = (kind: string, name: string): string => frame.random('identity-store', kind, name).uuid();
  const user = (givenName: string, familyName: string, enabled = true): StoreUser => {
    const email = `${givenName}.${familyName}@meridian-freight.example`.toLowerCase();
    return { id: uuid('user', email), userName: email, givenName, familyName, email, enabled };
  };
  const maria = user('Maria', 'Lopez');
  const tom = user('Tom', 'Becker');
  const priya = user('Priya', 'Nair');
  const ines = user('Ines', 'Carvalho');
  const jonas = user('Jonas', 'Krause');
  const omar = user('Omar', 'Haddad', false);
  const group = (name: string, ...members: StoreUser[]): StoreGroup => ({
    ...{ id: uuid('group', name), name, members: members.map(({ id }) => id) },
  });
  const keyAdministrators = group('aws-key-administrators', tom, jonas, omar);
  const developers = group('aws-developers', priya);
  const analysts = group('aws-security-analysts', ines);
  const to =
    (accountId: string, set: string) =>
    (...principals: (StoreUser | StoreGroup)[]): Assignment[] =>
      principals.map((principal) => ({
        ...{ accountId, permissionSetArn: permissionSetArn(frame, set), principalId: principal.id },
        principalType: 'members' in principal ? 'GROUP' : 'USER',
      }));
  const set = (name: string, description: string): PermissionSet => ({
    ...{ arn: permissionSetArn(frame, name), name, description },
  });
  return {
    region: 'eu-central-1',
    instanceArn: `arn:aws:sso:::instance/${instanceId(frame)}`,
    identityStoreId: `d-${frame.random('identity-store').hex(10)}`,
    ownerAccountId: `9${String(frame.random('management-account').int(99_999_999_999)).padStart(11, '0')}`,
    delegatedAccountId: security,
    createdAt: frame.daysAgo(1490, 'identity-center'),
    permissionSets: [
      set('AdministratorAccess', 'Everything, for emergencies'),
      set('KeyAdministrator', 'Manages keys, never uses them'),
      set('Developer', 'Reads, within the boundary'),
      set('SecurityAnalyst', 'Audits'),
    ],
    users: [maria, tom, priya, ines, jonas, omar],
    groups: [keyAdministrators, developers, analysts],
    assignments: [
      ...to(production, 'AdministratorAccess')(maria, ines),
      ...to(production, 'KeyAdministrator')(keyAdministrators),
      ...to(production, 'Developer')(developers),
      ...to(security, 'SecurityAnalyst')(analysts),
      ...to(security, 'AdministratorAccess')(ines),
    ],
  };
}
