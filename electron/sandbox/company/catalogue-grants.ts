import {
  allowAdministration,
  allowGrantsForServices,
  allowUse,
  delegateToIam,
  policyOf,
} from './documents.ts';
import { dataKeyUses, directUses, type World } from './world.ts';

/** Keys that differ in their grants: without limits, many for AWS services, and some that ended. */
export function tellGrantStories(world: World): void {
  const { frame, key, add, ago, actor, arn } = world;
  const deployer = actor('infrastructure-deployer');
  const keyAdmin = actor('sso-key-admin');
  const root = delegateToIam(frame.production);
  const administration = allowAdministration(arn('infrastructure-deployer'), arn('sso-key-admin'));
  const orders = actor('orders-api');

  add(
    key('grant-unconstrained', 'us-east-1', 320, {
      description: 'Driver app photos',
      tags: ['Priya Nair', 'driver-app', 'Confidential'],
      users: ['orders-api'],
    })
      .enableRotation(ago(319, 'grant-unconstrained'), deployer)
      .grant(ago(58, 'grant-unconstrained'), actor('maria.lopez'), {
        name: 'photo-pipeline',
        granteePrincipal: arn('warehouse-etl'),
        operations: ['Decrypt', 'Encrypt', 'CreateGrant'],
      })
      .use(6, ...directUses(orders)),
  );
  const services = key('grants-to-services', 'us-east-1', 540, {
    description: 'EBS volumes and RDS snapshots',
    tags: ['Maria Lopez', 'platform', 'Confidential'],
    policy: policyOf(
      root,
      administration,
      allowUse([arn('rds'), arn('backup')]),
      allowGrantsForServices(arn('autoscaling'), arn('rds'), arn('backup')),
    ),
  }).enableRotation(ago(539, 'grants-to-services'), deployer);
  const volumes = frame.random('volumes');
  for (let i = 0; i < 126; i++) {
    services.grant(ago(400 - i * 3, 'volume', i), actor(i % 3 === 0 ? 'rds' : 'autoscaling'), {
      granteePrincipal:
        i % 3 === 0
          ? 'rds.amazonaws.com'
          : `arn:aws:sts::${frame.production}:assumed-role/AWSServiceRoleForAutoScaling/i-${volumes.hex(17)}`,
      ...(i % 3 === 0
        ? { granteeServicePrincipal: 'rds.amazonaws.com', retiringPrincipal: 'rds.amazonaws.com' }
        : {}),
      operations: [
        'Decrypt',
        'GenerateDataKeyWithoutPlaintext',
        'DescribeKey',
        ...(i % 3 === 0 ? ['RetireGrant'] : []),
      ],
      constraints:
        i % 3 === 0
          ? { EncryptionContextSubset: { 'aws:rds:db-id': `db-${volumes.upper(10)}` } }
          : { EncryptionContextSubset: { 'aws:ebs:id': `vol-${volumes.hex(17)}` } },
    });
  }
  add(
    services.use(
      20,
      ...dataKeyUses(actor('autoscaling'), 'ec2.us-east-1.amazonaws.com', {
        'aws:ebs:id': `vol-${frame.random('volume').hex(17)}`,
      }),
    ),
  );
  add(
    key('grants-ended', 'eu-west-1', 280, {
      description: 'Month-end exports',
      tags: ['Lena Fischer', 'billing', 'Confidential'],
      users: ['billing-batch'],
    })
      .enableRotation(ago(279, 'grants-ended'), deployer)
      .grant(ago(50, 'grants-ended'), keyAdmin, {
        name: 'migration',
        granteePrincipal: arn('warehouse-etl'),
        operations: ['Decrypt', 'GenerateDataKey', 'RetireGrant'],
      })
      .grant(ago(49, 'grants-ended'), keyAdmin, {
        name: 'auditor-sample',
        granteePrincipal: arn('lena.fischer'),
        operations: ['Decrypt'],
      })
      .endGrant(ago(38, 'grants-ended'), keyAdmin, 'auditor-sample', 'RevokeGrant')
      .endGrant(ago(35, 'grants-ended'), actor('warehouse-etl'), 'migration', 'RetireGrant')
      .use(3, ...directUses(actor('billing-batch'))),
  );
}
