import { allow, iamPolicy } from './documents.ts';
import type { PolicyDocument } from './types.ts';

/** Policies that AWS manages and the company attaches; the long ones in excerpt. */
export const AWS_POLICIES: { name: string; path: string; description: string; document: PolicyDocument }[] = [
  {
    name: 'AdministratorAccess',
    path: '/',
    description: 'Provides full access to AWS services and resources.',
    document: iamPolicy(allow('*')),
  },
  {
    name: 'ReadOnlyAccess',
    path: '/',
    description: 'Provides read-only access to AWS services and resources.',
    document: iamPolicy(
      allow(['cloudtrail:Describe*', 'cloudtrail:Get*', 'cloudtrail:List*', 'cloudtrail:LookupEvents']),
      allow(['iam:Get*', 'iam:List*', 'kms:Describe*', 'kms:Get*', 'kms:List*', 's3:Get*', 's3:List*']),
    ),
  },
  {
    name: 'SecurityAudit',
    path: '/',
    description: 'The security audit template grants access to read security configuration metadata.',
    document: iamPolicy(
      allow([
        'kms:Describe*',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:List*',
        'iam:GetAccountAuthorizationDetails',
      ]),
    ),
  },
  {
    name: 'AWSLambdaBasicExecutionRole',
    path: '/service-role/',
    description: 'Provides write permissions to CloudWatch Logs.',
    document: iamPolicy(allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'])),
  },
];

export const awsPolicyArn = (name: string): string =>
  `arn:aws:iam::aws:policy${AWS_POLICIES.find((policy) => policy.name === name)?.path ?? '/'}${name}`;
