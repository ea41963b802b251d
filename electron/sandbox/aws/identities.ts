import { createHash } from 'node:crypto';
import { AUDITOR_ROLE, AUDITOR_USER } from '../company/auditor-policy.ts';
import type { Company, IamRole, IamUser, PolicyDocument } from '../company/types.ts';

/** Whoever signed a request. */
export interface Caller {
  accountId: string;
  /** As GetCallerIdentity and error messages name it: a user, or an assumed-role session. */
  arn: string;
  /** IAM ARN of the user or of the role behind the session. */
  principalArn: string;
  /** AIDA… or AROA… */
  principalId: string;
  /** UserId of GetCallerIdentity. */
  userId: string;
  organizationId: string;
  policies: PolicyDocument[];
  boundary?: PolicyDocument;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface SandboxCredentials {
  /** IAM user keywitness-auditor of the production account. May assume KeywitnessAuditor in the security account. */
  auditor: Credentials;
  /** A session of KeywitnessAuditor in the security account, ready made. */
  auditorSecurity: Credentials;
  /** IAM user break-glass of the production account: AdministratorAccess. */
  admin: Credentials;
  /** A session of KeywitnessAuditor in the production account that expired on 1 January 2025. */
  expired: Credentials;
}

export interface Identity {
  credentials: Credentials;
  caller: Caller;
  /** Milliseconds since the epoch; undefined for keys that do not expire. */
  expiresAt?: number;
}

export interface Identities {
  credentials: SandboxCredentials;
  find(accessKeyId: string): Identity | undefined;
  role(arn: string): IamRole | undefined;
  /** A new session of the role. Session credentials are numbered, so that runs repeat. */
  assume(role: IamRole, sessionName: string, expiresAt: number): Identity;
}

/** Identity policies for single access keys, instead of those the company gave: key id or credential name → policy. */
export type PolicyOverrides = Record<string, PolicyDocument>;

export function createIdentities(company: Company, overrides: PolicyOverrides = {}): Identities {
  const known = new Map<string, Identity>();
  const derive = (...words: (string | number)[]): Buffer =>
    createHash('sha256')
      .update(['sandbox credential', company.seed, ...words].join('\0'))
      .digest();
  const secret = (...words: (string | number)[]): string =>
    derive('secret', ...words)
      .toString('base64')
      .slice(0, 40);
  const documents = (arns: string[]): PolicyDocument[] =>
    arns.flatMap(
      (arn) => company.policies.find((policy) => policy.arn === arn)?.versions.at(-1)?.document ?? [],
    );
  const boundaryOf = (arn: string | undefined): { boundary?: PolicyDocument } =>
    arn === undefined ? {} : { boundary: documents([arn])[0] ?? { Statement: [] } };

  const callerOfUser = (user: IamUser): Caller => {
    const groups = company.groups.filter((group) => user.groups.includes(group.name));
    return {
      accountId: user.accountId,
      arn: user.arn,
      principalArn: user.arn,
      principalId: user.id,
      userId: user.id,
      organizationId: company.organizationId,
      policies: [
        ...[user, ...groups].flatMap((owner) => [
          ...documents(owner.attachedPolicyArns),
          ...owner.inlinePolicies.map((policy) => policy.document),
        ]),
      ],
      ...boundaryOf(user.boundaryArn),
    };
  };
  const callerOfSession = (role: IamRole, sessionName: string): Caller => ({
    accountId: role.accountId,
    arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
    principalArn: role.arn,
    principalId: role.id,
    userId: `${role.id}:${sessionName}`,
    organizationId: company.organizationId,
    policies: [
      ...documents(role.attachedPolicyArns),
      ...role.inlinePolicies.map((policy) => policy.document),
    ],
    ...boundaryOf(role.boundaryArn),
  });
  const add = (identity: Identity, name?: keyof SandboxCredentials): Credentials => {
    const override =
      overrides[identity.credentials.accessKeyId] ?? (name === undefined ? undefined : overrides[name]);
    if (override) identity.caller.policies = [override];
    known.set(identity.credentials.accessKeyId, identity);
    return identity.credentials;
  };
  const ofUser = (name: string, credential: keyof SandboxCredentials): Credentials => {
    const user = company.users.find((u) => u.name === name)!;
    return add(
      {
        credentials: { accessKeyId: user.accessKeyIds[0]!, secretAccessKey: secret(name) },
        caller: callerOfUser(user),
      },
      credential,
    );
  };
  let sessions = 0;
  const session = (
    role: IamRole,
    sessionName: string,
    expiresAt: number | undefined,
    credential?: keyof SandboxCredentials,
  ): Identity => {
    const number = sessions++;
    const identity: Identity = {
      credentials: {
        accessKeyId: `ASIA${base32(derive('id', number)).slice(0, 16)}`,
        secretAccessKey: secret('session', number),
        sessionToken: `IQoJb3JpZ2luX2Vj${derive('token', number).toString('base64')}${derive('token2', number).toString('base64')}`,
      },
      caller: callerOfSession(role, sessionName),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    add(identity, credential);
    return identity;
  };
  const auditorRole = (accountId: string): IamRole =>
    company.roles.find((role) => role.name === AUDITOR_ROLE && role.accountId === accountId)!;
  const [production, security] = company.accounts;
  const credentials: SandboxCredentials = {
    auditor: ofUser(AUDITOR_USER, 'auditor'),
    auditorSecurity: session(auditorRole(security.id), 'keywitness', undefined, 'auditorSecurity')
      .credentials,
    admin: ofUser('break-glass', 'admin'),
    expired: session(auditorRole(production.id), 'keywitness', Date.UTC(2025, 0, 1), 'expired').credentials,
  };
  return {
    credentials,
    find: (accessKeyId) => known.get(accessKeyId),
    role: (arn) => company.roles.find((role) => role.arn === arn),
    assume: (role, sessionName, expiresAt) => session(role, sessionName, expiresAt),
  };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base32 = (bytes: Buffer): string => Array.from(bytes, (byte) => BASE32[byte & 31]!).join('');
