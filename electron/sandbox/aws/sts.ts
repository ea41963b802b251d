import type { PolicyDocument } from '../company/types.ts';
import { AwsError } from '../server/aws-error.ts';
import { authorize } from './authorize.ts';
import type { QueryOperation } from './query.ts';

/** STS, version 2011-06-15. */
export const stsOperations: Record<string, QueryOperation> = {
  /** Needs no permission. */
  GetCallerIdentity({ caller }) {
    return { Arn: caller.arn, UserId: caller.userId, Account: caller.accountId };
  },

  AssumeRole(call, input) {
    const roleArn = required(input, 'RoleArn');
    const sessionName = required(input, 'RoleSessionName');
    if (!/^[\w+=,.@-]{2,64}$/.test(sessionName))
      throw invalid(
        `Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      );
    const duration = Number(input.get('DurationSeconds') ?? 3600);
    if (!Number.isInteger(duration) || duration < 900 || duration > 43_200)
      throw invalid(
        `Value '${input.get('DurationSeconds')}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
      );
    const role = call.identities.role(roleArn);
    const externalId = input.get('ExternalId') ?? undefined;
    try {
      if (!role) throw new AwsError('AccessDeniedException', 'no such role');
      authorize(
        {
          caller: call.caller,
          action: 'sts:AssumeRole',
          resource: roleArn,
          context: { 'sts:externalid': externalId },
        },
        { accountId: role.accountId, policy: trustOn(role.trust, roleArn), delegates: 'by-policy' },
      );
    } catch {
      // STS does not tell whether the role is missing, the trust refuses, or the external id is wrong.
      throw new AwsError(
        'AccessDeniedException',
        `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      );
    }
    const identity = call.identities.assume(role, sessionName, call.now + duration * 1000);
    return {
      AssumedRoleUser: { AssumedRoleId: identity.caller.userId, Arn: identity.caller.arn },
      Credentials: {
        AccessKeyId: identity.credentials.accessKeyId,
        SecretAccessKey: identity.credentials.secretAccessKey,
        SessionToken: identity.credentials.sessionToken,
        Expiration: new Date(identity.expiresAt!),
      },
      PackedPolicySize: undefined,
    };
  },
};

const trustOn = (trust: PolicyDocument, roleArn: string): PolicyDocument => ({
  ...trust,
  Statement: trust.Statement.map((statement) => ({ ...statement, Resource: roleArn })),
});

const invalid = (message: string): AwsError =>
  new AwsError('ValidationError', `1 validation error detected: ${message}`);

function required(input: URLSearchParams, name: string): string {
  const value = input.get(name);
  if (value !== null && value !== '') return value;
  throw invalid(
    `Value null at '${name[0]!.toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
}
