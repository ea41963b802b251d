import { rootOf } from './documents.ts';
import { keyArn, keyIdOf } from './key-birth.ts';
import { dataKeyUses, directUses, signUses, type World } from './world.ts';

/** The key that encrypts the organisation trail's log files. Its ARN is needed before the key is built. */
export const TRAIL_KEY = 'trail-logs';
export const TRAIL_KEY_REGION = 'eu-central-1';

/** Keys that differ in what became of them, and the keys of the security account. */
export function tellLifecycleStories(world: World): void {
  const { key, add, ago, actor } = world;
  const deployer = actor('infrastructure-deployer');
  const keyAdmin = actor('sso-key-admin');
  const orders = actor('orders-api');

  add(
    key('disabled', 'us-east-1', 870, {
      description: 'Retired price list',
      tags: ['Tom Becker', 'rates', 'Internal'],
      users: ['orders-api'],
    }).disable(ago(300, 'disabled'), keyAdmin),
  );
  add(
    key('disabled-in-period', 'eu-west-1', 660, {
      description: 'Pilot: pallet sensors',
      tags: ['Tom Becker', 'pilot', 'Internal'],
      users: ['tracking-stream'],
    })
      .enableRotation(ago(659, 'disabled-in-period'), deployer)
      .disable(ago(24, 'disabled-in-period'), keyAdmin)
      .use(3, ...directUses(actor('tracking-stream'))),
  );
  add(
    key('pending-deletion', 'us-east-1', 580, {
      description: 'Replaced by order notes',
      tags: ['Priya Nair', 'orders', 'Confidential'],
      users: ['orders-api'],
    })
      .enableRotation(ago(579, 'pending-deletion'), deployer)
      .alias(ago(578, 'pending-deletion'), deployer, 'alias/old-order-notes')
      .scheduleDeletion(ago(9, 'pending-deletion'), keyAdmin, 30)
      .use(2, ...directUses(orders)),
  );
  add(
    key('deletion-cancelled', 'eu-central-1', 490, {
      description: 'Depot plans',
      tags: ['Lena Fischer', 'warehouse', 'Internal'],
      users: ['warehouse-etl'],
    })
      .enableRotation(ago(489, 'deletion-cancelled'), deployer)
      .scheduleDeletion(ago(40, 'deletion-cancelled'), actor('maria.lopez'), 14)
      .cancelDeletion(ago(37, 'deletion-cancelled'), keyAdmin)
      .enable(ago(37, 'deletion-cancelled') + 120_000, keyAdmin)
      .use(3, ...directUses(actor('warehouse-etl'))),
  );
  add(
    key('created-with-ticket', 'us-east-1', 52, {
      description: 'Returns portal',
      tags: ['Omar Haddad', 'returns', 'Confidential'],
      users: ['orders-api'],
      ticket: 'CHG-4417',
    })
      .enableRotation(ago(51, 'created-with-ticket'), deployer)
      .alias(ago(51, 'created-with-ticket') + 60_000, deployer, 'alias/returns')
      .use(6, ...dataKeyUses(orders, 'dynamodb.us-east-1.amazonaws.com')),
  );
  add(
    key('created-without-ticket', 'eu-west-1', 31, {
      description: 'test key',
      tags: [undefined, 'unknown', 'Internal'],
      by: 'sso-developer',
      users: ['tracking-stream'],
    }).use(2, ...directUses(actor('tracking-stream'))),
  );
  // No longer exist: the API does not know them, the logs do.
  add(
    key('deleted-in-period', 'us-east-1', 760, {
      description: 'Old claims archive',
      tags: ['Maria Lopez', 'claims', 'Confidential'],
      users: ['orders-api'],
    })
      .scheduleDeletion(ago(48, 'deleted-in-period'), keyAdmin, 30)
      .use(2, ...directUses(orders)),
  );
  add(
    key('created-and-deleted-in-period', 'eu-central-1', 44, {
      description: 'Load test',
      tags: ['Tom Becker', 'pilot', 'Internal'],
      by: 'tom.becker',
      users: ['orders-api'],
    })
      .scheduleDeletion(ago(30, 'created-and-deleted'), actor('tom.becker'), 7)
      .use(2, ...directUses(orders)),
  );
  add(
    key('never-used', 'us-east-1', 140, {
      description: 'Reserved for the loyalty programme',
      tags: ['Omar Haddad', 'loyalty', 'Internal'],
      users: ['orders-api'],
      ticket: 'CHG-4120',
    }).enableRotation(ago(139, 'never-used'), deployer),
  );
  add(
    key('unused-since-tracking-began', 'eu-west-1', 1250, {
      description: 'Backups of the old warehouse system',
      tags: ['Tom Becker', 'warehouse', 'Internal'],
      users: ['backup'],
    }).enableRotation(ago(1249, 'unused'), deployer),
  );
  add(
    key('tags-changed', 'eu-central-1', 370, {
      description: 'Cold-chain readings',
      tags: ['Jonas Krause', 'telemetry', 'Internal'],
      users: ['tracking-stream'],
    })
      .enableRotation(ago(369, 'tags-changed'), deployer)
      .tag(ago(28, 'tags-changed'), keyAdmin, {
        Owner: 'Maria Lopez',
        ReviewedOn: new Date(ago(28, 'tags-changed')).toISOString().slice(0, 10),
      })
      .untag(ago(28, 'tags-changed') + 300_000, keyAdmin, ['ReviewedOn'])
      .use(4, ...directUses(actor('tracking-stream'))),
  );
  tellSecurityAccountStories(world);
}

function tellSecurityAccountStories(world: World): void {
  const { frame, key, add, ago, actor, arn } = world;
  const accountId = frame.security;
  const admin = actor('sso-security-admin');
  const trailContext = {
    'aws:cloudtrail:arn': `arn:aws:cloudtrail:${TRAIL_KEY_REGION}:${accountId}:trail/meridian-organization`,
  };
  const cloudtrail = {
    kind: 'service' as const,
    accountId,
    invokedBy: 'cloudtrail.amazonaws.com',
    sourceIp: 'cloudtrail.amazonaws.com',
    userAgent: 'cloudtrail.amazonaws.com',
  };
  add(
    key(TRAIL_KEY, TRAIL_KEY_REGION, 1050, {
      accountId,
      by: 'sso-security-admin',
      description: 'CloudTrail log files of the organisation',
      tags: ['Ines Carvalho', 'logging', 'Restricted'],
      policy: {
        Version: '2012-10-17',
        Id: 'Key policy created by CloudTrail',
        Statement: [
          {
            Sid: 'Enable IAM User Permissions',
            Effect: 'Allow',
            Principal: { AWS: rootOf(accountId) },
            Action: 'kms:*',
            Resource: '*',
          },
          {
            Sid: 'Allow CloudTrail to encrypt logs',
            Effect: 'Allow',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Action: 'kms:GenerateDataKey*',
            Resource: '*',
            Condition: {
              StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:*:trail/*' },
            },
          },
          {
            Sid: 'Allow CloudTrail to describe key',
            Effect: 'Allow',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Action: 'kms:DescribeKey',
            Resource: '*',
          },
          {
            Sid: 'Allow the SIEM to read',
            Effect: 'Allow',
            Principal: { AWS: arn('siem-forwarder') },
            Action: 'kms:Decrypt',
            Resource: '*',
          },
        ],
      },
    })
      .enableRotation(ago(1049, TRAIL_KEY), admin)
      .alias(ago(1048, TRAIL_KEY), admin, 'alias/organization-trail')
      .use(
        24,
        { operation: 'GenerateDataKey', weight: 6, actor: cloudtrail, encryptionContext: trailContext },
        {
          operation: 'Decrypt',
          weight: 4,
          actor: actor('siem-forwarder'),
          via: `s3.${TRAIL_KEY_REGION}.amazonaws.com`,
          encryptionContext: trailContext,
        },
      ),
  );
  add(
    key('security-evidence', 'eu-central-1', 420, {
      accountId,
      by: 'sso-security-admin',
      description: 'Security evidence bucket',
      tags: ['Ines Carvalho', 'security', 'Restricted'],
      users: ['siem-forwarder'],
    })
      .enableRotation(ago(419, 'security-evidence'), admin)
      .use(3, ...dataKeyUses(actor('siem-forwarder'), 's3.eu-central-1.amazonaws.com')),
  );
  add(
    key('security-findings', 'us-east-1', 415, {
      accountId,
      by: 'sso-security-admin',
      description: 'Findings queue',
      tags: ['Ines Carvalho', 'security', 'Confidential'],
      users: ['siem-forwarder'],
    })
      .enableRotation(ago(414, 'security-findings'), admin)
      .alias(ago(413, 'security-findings'), admin, 'alias/findings')
      .use(4, ...dataKeyUses(actor('siem-forwarder'), 'sqs.us-east-1.amazonaws.com')),
  );
  add(
    key('security-attestation', 'eu-west-1', 300, {
      accountId,
      by: 'sso-security-admin',
      description: 'Attestation signatures',
      tags: ['Ines Carvalho', 'security', 'Internal'],
      spec: 'RSA_4096',
      usage: 'SIGN_VERIFY',
      users: ['siem-forwarder'],
      actions: ['kms:Sign', 'kms:GetPublicKey'],
    }).use(1, ...signUses(actor('siem-forwarder'))),
  );
  add(
    key('security-backup', 'eu-west-1', 660, {
      accountId,
      by: 'sso-security-admin',
      description: 'Backup copies',
      tags: [undefined, 'backup', 'Restricted'],
      users: [],
    }),
  );
}

export const trailKeyArn = (frame: World['frame']): string =>
  keyArn(TRAIL_KEY_REGION, frame.security, keyIdOf(frame, TRAIL_KEY));
