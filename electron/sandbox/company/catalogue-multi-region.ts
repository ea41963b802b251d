import { SIGN } from './documents.ts';
import { keyArn, keyIdOf } from './key-birth.ts';
import { dataKeyUses, signUses, type World } from './world.ts';

/** Multi-Region keys: a primary with two replicas, and one without. */
export function tellMultiRegionStories(world: World): void {
  const { frame, key, add, ago, actor } = world;
  const deployer = actor('infrastructure-deployer');
  const keyId = keyIdOf(frame, 'multi-region-primary', true);
  const arnIn = (region: string): string => keyArn(region, frame.production, keyId);
  const family = {
    primaryArn: arnIn('us-east-1'),
    primaryRegion: 'us-east-1',
    replicas: ['eu-west-1', 'eu-central-1'].map((region) => ({ arn: arnIn(region), region })),
  };
  const primary = add(
    key('multi-region-primary', 'us-east-1', 530, {
      keyId,
      description: 'Global shipment records',
      tags: ['Maria Lopez', 'shipments', 'Confidential'],
      users: ['orders-api'],
      multiRegion: { type: 'PRIMARY', ...family },
    })
      .enableRotation(ago(529, 'multi-region'), deployer)
      .alias(ago(528, 'multi-region'), deployer, 'alias/shipments')
      .use(16, ...dataKeyUses(actor('orders-api'), 'dynamodb.us-east-1.amazonaws.com')),
  );
  for (const region of ['eu-west-1', 'eu-central-1']) {
    const replica = add(
      key(`multi-region-replica-${region}`, region, 527, {
        keyId,
        description: 'Global shipment records',
        tags: ['Maria Lopez', 'shipments', 'Confidential'],
        users: ['orders-api'],
        multiRegion: { type: 'REPLICA', ...family },
      })
        .alias(ago(526, 'multi-region', region), deployer, 'alias/shipments')
        .use(6, ...dataKeyUses(actor('orders-api'), `dynamodb.${region}.amazonaws.com`)),
    );
    // Material and rotation are shared by the whole family and set on the primary.
    replica.materials = primary.materials;
    if (primary.rotation) replica.rotation = primary.rotation;
  }
  add(
    key('multi-region-sign', 'eu-central-1', 310, {
      keyId: keyIdOf(frame, 'multi-region-sign', true),
      description: 'Proof-of-delivery signatures',
      tags: ['Priya Nair', 'tracking', 'Internal'],
      spec: 'ECC_NIST_P256',
      usage: 'SIGN_VERIFY',
      users: ['tracking-stream'],
      actions: SIGN,
      multiRegion: {
        type: 'PRIMARY',
        primaryArn: keyArn('eu-central-1', frame.production, keyIdOf(frame, 'multi-region-sign', true)),
        primaryRegion: 'eu-central-1',
        replicas: [],
      },
    }).use(3, ...signUses(actor('tracking-stream'))),
  );
}
