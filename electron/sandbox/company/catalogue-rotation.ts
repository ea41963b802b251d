import type { PolicyDocument } from './types.ts';
import { dataKeyUses, directUses, type World } from './world.ts';
import { AUDITOR_ROLE, AUDITOR_USER } from './auditor-policy.ts';

/** Symmetric keys that differ in how they rotate: on, off, late, paused, by hand, and one that nobody may ask. */
export function tellRotationStories(world: World): void {
  const { key, add, ago, actor, arn, usualPolicy } = world;
  const deployer = actor('infrastructure-deployer');
  const keyAdmin = actor('sso-key-admin');
  const orders = actor('orders-api');

  add(
    key('rotation-on', 'us-east-1', 950, {
      description: 'Orders database (RDS)',
      tags: ['Maria Lopez', 'orders', 'Confidential'],
      users: ['orders-api'],
    })
      .enableRotation(ago(949, 'rotation-on'), deployer)
      .alias(ago(948, 'rotation-on'), deployer, 'alias/orders-db')
      .use(30, ...dataKeyUses(orders, 'rds.us-east-1.amazonaws.com', { 'aws:rds:db-id': 'db-ORDERS7Q2M' })),
  );
  add(
    key('rotation-90', 'us-east-1', 700, {
      description: 'Card tokens',
      tags: ['Omar Haddad', 'payments', 'Restricted'],
      users: ['payments-tokenizer'],
    })
      .enableRotation(ago(699, 'rotation-90'), deployer, 90)
      .alias(ago(698, 'rotation-90'), deployer, 'alias/payments/card-tokens')
      .use(40, ...directUses(actor('payments-tokenizer'), { tenant: 'meridian', purpose: 'card-token' })),
  );
  add(
    key('rotation-180', 'eu-west-1', 620, {
      description: 'Customer documents bucket',
      tags: ['Lena Fischer', 'documents', 'Confidential'],
      users: ['warehouse-etl'],
    })
      .enableRotation(ago(619, 'rotation-180'), deployer, 180)
      .alias(ago(618, 'rotation-180'), deployer, 'alias/customer-documents')
      .use(
        20,
        ...dataKeyUses(actor('warehouse-etl'), 's3.eu-west-1.amazonaws.com', {
          'aws:s3:arn': 'arn:aws:s3:::meridian-customer-documents',
        }),
      ),
  );
  add(
    key('rotation-730', 'us-east-1', 800, {
      description: 'Archive vault for scanned bills of lading',
      tags: ['Tom Becker', 'archive', 'Internal'],
      users: ['warehouse-etl'],
    })
      .enableRotation(ago(799, 'rotation-730'), deployer, 730)
      .use(4, ...dataKeyUses(actor('warehouse-etl'), 's3.us-east-1.amazonaws.com')),
  );
  add(
    key('rotation-off', 'us-east-1', 210, {
      description: 'Tracking events stream',
      tags: ['Maria Lopez', 'tracking', 'Internal'],
      users: ['tracking-stream'],
    })
      .alias(ago(209, 'rotation-off'), deployer, 'alias/tracking-stream')
      .use(25, ...dataKeyUses(actor('tracking-stream'), 'kinesis.us-east-1.amazonaws.com')),
  );
  add(
    key('never-rotated-old', 'us-east-1', 1460, {
      description: 'Legacy shipping labels',
      tags: ['Tom Becker', 'labels', 'Internal'],
      by: 'tom.becker',
      users: ['orders-api'],
    }).use(6, ...directUses(orders)),
  );
  // The finding that a look at today's setting does not show: for three weeks of the period rotation was off.
  add(
    key('rotation-paused', 'us-east-1', 520, {
      description: 'Invoice store',
      tags: ['Lena Fischer', 'billing', 'Confidential'],
      users: ['billing-batch'],
    })
      .enableRotation(ago(519, 'rotation-paused'), deployer)
      .alias(ago(518, 'rotation-paused'), deployer, 'alias/invoices')
      .disableRotation(ago(54, 'rotation-paused'), actor('maria.lopez'))
      .enableRotation(ago(33, 'rotation-paused'), keyAdmin)
      .use(
        15,
        ...dataKeyUses(actor('billing-batch'), 's3.us-east-1.amazonaws.com', {
          'aws:s3:arn': 'arn:aws:s3:::meridian-invoices',
        }),
      ),
  );
  add(
    key('rotation-on-demand', 'eu-central-1', 900, {
      description: 'Customs declarations (rotated by hand each year)',
      tags: ['Ines Carvalho', 'customs', 'Restricted'],
      users: ['orders-api'],
    })
      .alias(ago(899, 'rotation-on-demand'), deployer, 'alias/customs')
      .rotateOnDemand(ago(430, 'rotation-on-demand'), keyAdmin)
      .rotateOnDemand(ago(41, 'rotation-on-demand'), keyAdmin)
      .use(12, ...directUses(orders, { country: 'DE' })),
  );
  add(
    key('rotation-enabled-late', 'eu-west-1', 1100, {
      description: 'Fleet telemetry',
      tags: ['Maria Lopez', 'telemetry', 'Internal'],
      by: 'maria.lopez',
      users: ['tracking-stream'],
    })
      .enableRotation(ago(30, 'rotation-enabled-late'), keyAdmin)
      .alias(ago(29, 'rotation-enabled-late'), keyAdmin, 'alias/fleet-telemetry')
      .use(18, ...dataKeyUses(actor('tracking-stream'), 'kinesis.eu-west-1.amazonaws.com')),
  );
  add(
    key('rotation-period-changed', 'us-east-1', 480, {
      description: 'Session store',
      tags: ['Priya Nair', 'identity', 'Confidential'],
      users: ['token-signer'],
    })
      .enableRotation(ago(479, 'rotation-period-changed'), deployer, 90)
      .enableRotation(ago(47, 'rotation-period-changed'), keyAdmin, 365)
      .use(22, ...directUses(actor('token-signer'))),
  );
  const hidden: PolicyDocument = usualPolicy(['orders-api']);
  hidden.Statement.push({
    Sid: 'HideRotationFromThirdParties',
    Effect: 'Deny',
    Principal: { AWS: [arn(AUDITOR_USER), arn(AUDITOR_ROLE)] },
    Action: 'kms:GetKeyRotationStatus',
    Resource: '*',
  });
  add(
    key('rotation-denied', 'us-east-1', 560, {
      description: 'Customer addresses',
      tags: ['Maria Lopez', 'orders', 'Confidential'],
      policy: hidden,
    })
      .enableRotation(ago(559, 'rotation-denied'), deployer)
      .alias(ago(558, 'rotation-denied'), deployer, 'alias/customer-addresses')
      .use(14, ...dataKeyUses(orders, 'dynamodb.us-east-1.amazonaws.com')),
  );
  // Rotation by hand without KMS's help: a new key takes over the alias, the old one stays for old data.
  add(
    key('manual-rotation-old', 'eu-central-1', 640, {
      description: 'Driver payroll 2025',
      tags: ['Lena Fischer', 'payroll', 'Restricted'],
      users: ['billing-batch'],
    }).use(3, { operation: 'Decrypt', weight: 1, actor: actor('billing-batch') }),
  );
  add(
    key('manual-rotation-new', 'eu-central-1', 75, {
      description: 'Driver payroll 2026',
      tags: ['Lena Fischer', 'payroll', 'Restricted'],
      users: ['billing-batch'],
      ticket: 'CHG-4388',
    })
      .alias(ago(74, 'manual-rotation-new'), keyAdmin, 'alias/payroll')
      .use(9, ...directUses(actor('billing-batch'))),
  );
}
