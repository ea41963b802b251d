import {
  ADMINISTER,
  allowAdministration,
  allowUse,
  delegateToIam,
  policyOf,
  rootOf,
  USE,
} from './documents.ts';
import type { PolicyStatement } from './types.ts';
import { dataKeyUses, directUses, type World } from './world.ts';

/** Keys that differ in who may do what: good policies, bad ones, grants, and people where a service should be. */
export function tellAccessStories(world: World): void {
  const { frame, key, add, ago, actor, arn, usualPolicy } = world;
  const deployer = actor('infrastructure-deployer');
  const keyAdmin = actor('sso-key-admin');
  const root = delegateToIam(frame.production);
  const administration = allowAdministration(arn('infrastructure-deployer'), arn('sso-key-admin'));
  const orders = actor('orders-api');

  add(
    key('service-role-only', 'us-east-1', 330, {
      description: 'Order notes',
      tags: ['Priya Nair', 'orders', 'Confidential'],
      users: ['orders-api'],
    })
      .enableRotation(ago(329, 'service-role-only'), deployer)
      .alias(ago(328, 'service-role-only'), deployer, 'alias/order-notes')
      .use(17, ...directUses(orders)),
  );
  add(
    key('no-iam-delegation', 'us-east-1', 470, {
      description: 'Board papers',
      tags: ['Tom Becker', 'board', 'Restricted'],
      by: 'tom.becker',
      policy: policyOf({
        Sid: 'OnlyTom',
        Effect: 'Allow',
        Principal: { AWS: arn('tom.becker') },
        Action: 'kms:*',
        Resource: '*',
      }),
    }).use(1, { operation: 'Decrypt', weight: 1, actor: actor('tom.becker') }),
  );
  add(
    key('no-owner', 'us-east-1', 290, {
      description: '',
      tags: [undefined, 'etl', 'Internal'],
      users: ['warehouse-etl'],
    })
      .enableRotation(ago(289, 'no-owner'), deployer)
      .use(5, ...dataKeyUses(actor('warehouse-etl'), 's3.us-east-1.amazonaws.com')),
  );
  add(
    key('untagged', 'eu-west-1', 860, {
      description: 'created by console',
      tags: {},
      by: 'sso-developer',
      users: ['tracking-stream'],
    }).use(2, ...directUses(actor('tracking-stream'))),
  );
  add(
    key('owner-left', 'eu-central-1', 720, {
      description: 'Route planning',
      tags: ['Jonas Krause', 'routing', 'Internal'],
      users: ['orders-api'],
    })
      .enableRotation(ago(719, 'owner-left'), deployer)
      .alias(ago(58, 'owner-left'), actor('jonas.krause'), 'alias/route-planning')
      .use(4, ...directUses(orders)),
  );
  add(
    key('public-policy', 'us-east-1', 380, {
      description: 'Public tracking page cache',
      tags: ['Priya Nair', 'tracking', 'Internal'],
      policy: policyOf(root, administration, {
        Sid: 'AnyoneForNow',
        Effect: 'Allow',
        Principal: '*',
        Action: ['kms:Decrypt', 'kms:DescribeKey'],
        Resource: '*',
      }),
    })
      .enableRotation(ago(379, 'public-policy'), deployer)
      .use(6, ...directUses(actor('tracking-stream'))),
  );
  add(
    key('wildcard-weak-condition', 'us-east-1', 270, {
      description: 'Partner file drop',
      tags: ['Omar Haddad', 'partner-api', 'Confidential'],
      policy: policyOf(root, administration, {
        Sid: 'ThroughS3',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: USE,
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      }),
    })
      .enableRotation(ago(269, 'wildcard-weak'), deployer)
      .use(5, ...dataKeyUses(actor('customs-broker-upload'), 's3.us-east-1.amazonaws.com')),
  );
  add(
    key('wildcard-closed-by-organization', 'eu-west-1', 240, {
      description: 'Shared container images',
      tags: ['Maria Lopez', 'delivery', 'Internal'],
      policy: policyOf(root, administration, {
        Sid: 'WholeOrganization',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Decrypt', 'kms:DescribeKey'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': frame.organizationId } },
      }),
    })
      .enableRotation(ago(239, 'wildcard-closed'), deployer)
      .use(9, ...directUses(actor('release-signing'))),
  );
  add(
    key('cross-account-policy', 'us-east-1', 410, {
      description: 'Track-and-trace exchange with partner',
      tags: ['Omar Haddad', 'partner-api', 'Confidential'],
      policy: policyOf(root, administration, allowUse([arn('orders-api')]), {
        Sid: 'Partner',
        Effect: 'Allow',
        Principal: { AWS: rootOf(frame.partnerAccountId) },
        Action: ['kms:Decrypt', 'kms:DescribeKey'],
        Resource: '*',
      }),
    })
      .enableRotation(ago(409, 'cross-account-policy'), deployer)
      .alias(ago(408, 'cross-account-policy'), deployer, 'alias/partner-exchange')
      .use(8, ...directUses(orders)),
  );
  add(
    key('cross-account-grant', 'eu-west-1', 350, {
      description: 'Partner invoices',
      tags: ['Lena Fischer', 'billing', 'Confidential'],
      users: ['billing-batch'],
    })
      .enableRotation(ago(349, 'cross-account-grant'), deployer)
      .grant(ago(200, 'cross-account-grant'), keyAdmin, {
        name: 'partner-settlement',
        granteePrincipal: `arn:aws:iam::${frame.partnerAccountId}:role/settlement-import`,
        retiringPrincipal: arn('sso-key-admin'),
        operations: ['Decrypt', 'DescribeKey'],
        constraints: { EncryptionContextEquals: { partner: 'track-and-trace' } },
      })
      .use(4, ...directUses(actor('billing-batch'))),
  );
  add(
    key('administrator-also-uses', 'us-east-1', 600, {
      description: 'HR files',
      tags: ['Maria Lopez', 'hr', 'Restricted'],
      by: 'maria.lopez',
      policy: policyOf(
        root,
        allowAdministration(arn('maria.lopez'), arn('sso-key-admin')),
        allowUse([arn('maria.lopez'), arn('billing-batch')]),
      ),
    })
      .enableRotation(ago(599, 'administrator-also-uses'), actor('maria.lopez'))
      .use(3, ...directUses(actor('billing-batch')), {
        operation: 'Decrypt',
        weight: 2,
        actor: actor('maria.lopez'),
      }),
  );
  add(
    key('human-user', 'us-east-1', 360, {
      description: 'Support case attachments',
      tags: ['Priya Nair', 'support', 'Confidential'],
      policy: policyOf(root, administration, allowUse([arn('priya.nair'), arn('lena.fischer')])),
    })
      .enableRotation(ago(359, 'human-user'), deployer)
      .use(
        4,
        { operation: 'Decrypt', weight: 5, actor: actor('priya.nair') },
        { operation: 'Encrypt', weight: 1, actor: actor('lena.fischer') },
      ),
  );
  add(
    key('orphaned-principals', 'eu-central-1', 1000, {
      description: 'Old rate engine',
      tags: ['Tom Becker', 'rates', 'Internal'],
      policy: policyOf(root, administration, {
        Sid: 'Allow use of the key',
        Effect: 'Allow',
        Principal: {
          AWS: [
            `AIDA${frame.random('gone', 1).upper(17)}`,
            `AROA${frame.random('gone', 2).upper(17)}`,
            arn('orders-api'),
          ],
        },
        Action: USE,
        Resource: '*',
      }),
    })
      .enableRotation(ago(999, 'orphaned'), deployer)
      .use(2, ...directUses(orders)),
  );
  const guarded: PolicyStatement[] = [
    {
      Sid: 'NoUseOutsideTheOrganization',
      Effect: 'Deny',
      Principal: '*',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': frame.organizationId },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
    {
      Sid: 'NoDeletionByPeople',
      Effect: 'Deny',
      Principal: { AWS: arn('sso-developer') },
      Action: ['kms:ScheduleKeyDeletion', 'kms:DisableKey'],
      Resource: '*',
    },
  ];
  add(
    key('deny-statements', 'us-east-1', 250, {
      description: 'Passenger manifests',
      tags: ['Ines Carvalho', 'customs', 'Restricted'],
      policy: policyOf(root, administration, allowUse([arn('orders-api')]), ...guarded),
    })
      .enableRotation(ago(249, 'deny-statements'), deployer)
      .refused(ago(26, 'deny-statements'), actor('sso-developer'), 'ScheduleKeyDeletion')
      .use(6, ...directUses(orders)),
  );
  // Open to everybody for nine days of the period, closed again before anybody looked.
  const usual = usualPolicy(['orders-api']);
  add(
    key('policy-open-for-nine-days', 'us-east-1', 430, {
      description: 'Quotations',
      tags: ['Omar Haddad', 'quotes', 'Confidential'],
      users: ['orders-api'],
    })
      .enableRotation(ago(429, 'policy-open'), deployer)
      .putPolicy(ago(45, 'policy-open'), actor('maria.lopez'), {
        ...usual,
        Statement: [
          ...usual.Statement,
          { Sid: 'Temporary', Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' },
        ],
      })
      .putPolicy(ago(36, 'policy-open'), keyAdmin, usual)
      .use(7, ...directUses(orders)),
  );

  add(
    key('full-rights-for-one-role', 'eu-central-1', 440, {
      description: 'Warehouse planning',
      tags: ['Tom Becker', 'warehouse', 'Internal'],
      policy: policyOf(
        root,
        {
          Sid: 'Everything',
          Effect: 'Allow',
          Principal: { AWS: arn('warehouse-etl') },
          Action: ['kms:*'],
          Resource: '*',
        },
        {
          Sid: 'Operators',
          Effect: 'Allow',
          Principal: { AWS: arn('sso-admin') },
          Action: [...ADMINISTER, ...USE],
          Resource: '*',
        },
      ),
    }).use(5, ...directUses(actor('warehouse-etl'))),
  );
}
