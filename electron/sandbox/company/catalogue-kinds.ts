import { MAC, SIGN } from './documents.ts';
import { keyArn, keyIdOf } from './key-story.ts';
import { DAY } from './time.ts';
import type { CustomKeyStore, KeySpec, KeyUsage } from './types.ts';
import { dataKeyUses, directUses, macUses, signUses, type World } from './world.ts';

/** Keys of every other kind: asymmetric, HMAC, imported, in a CloudHSM cluster, outside AWS, multi-Region. */
export function tellKindStories(world: World): CustomKeyStore[] {
  const { frame, key, add, ago, actor } = world;
  const deployer = actor('infrastructure-deployer');
  const keyAdmin = actor('sso-key-admin');
  const signing = (
    story: string,
    region: string,
    days: number,
    spec: KeySpec,
    description: string,
    owner: string,
    system: string,
    user: string,
    weight: number,
  ): void => {
    add(
      key(story, region, days, {
        description,
        tags: [owner, system, 'Internal'],
        spec,
        usage: 'SIGN_VERIFY',
        users: [user],
        actions: SIGN,
      })
        .alias(ago(days - 1, story), deployer, `alias/${story}`)
        .use(weight, ...signUses(actor(user))),
    );
  };
  signing(
    'rsa-2048-sign',
    'us-east-1',
    730,
    'RSA_2048',
    'Partner API message signatures',
    'Priya Nair',
    'partner-api',
    'token-signer',
    18,
  );
  signing(
    'rsa-3072-sign',
    'eu-central-1',
    400,
    'RSA_3072',
    'Release signing',
    'Maria Lopez',
    'delivery',
    'release-signing',
    1,
  );
  signing(
    'ecc-p256-sign',
    'us-east-1',
    340,
    'ECC_NIST_P256',
    'Access tokens (ES256)',
    'Priya Nair',
    'identity',
    'token-signer',
    35,
  );
  signing(
    'ecc-p384-sign',
    'eu-west-1',
    260,
    'ECC_NIST_P384',
    'Delivery receipts',
    'Omar Haddad',
    'tracking',
    'tracking-stream',
    5,
  );
  signing(
    'ecc-secp256k1-sign',
    'us-east-1',
    510,
    'ECC_SECG_P256K1',
    'Pilot: container seals on a public ledger',
    'Tom Becker',
    'pilot',
    'token-signer',
    1,
  );
  add(
    key('rsa-4096-encrypt', 'us-east-1', 450, {
      description: 'Inbound files from customs brokers',
      tags: ['Ines Carvalho', 'customs', 'Restricted'],
      spec: 'RSA_4096',
      users: ['orders-api'],
    })
      .alias(ago(449, 'rsa-4096-encrypt'), deployer, 'alias/broker-inbound')
      .use(3, { operation: 'Decrypt', weight: 1, actor: actor('orders-api') }),
  );
  const mac = (
    story: string,
    region: string,
    spec: KeySpec,
    description: string,
    user: string,
    weight: number,
  ): void => {
    add(
      key(story, region, 380, {
        description,
        tags: ['Omar Haddad', 'webhooks', 'Internal'],
        spec,
        usage: 'GENERATE_VERIFY_MAC' satisfies KeyUsage,
        users: [user],
        actions: MAC,
      }).use(weight, ...macUses(actor(user))),
    );
  };
  mac('hmac-256', 'us-east-1', 'HMAC_256', 'Webhook signatures', 'orders-api', 12);
  mac('hmac-512', 'eu-west-1', 'HMAC_512', 'Driver app device pins', 'tracking-stream', 4);

  // -- imported material -----------------------------------------------------------------------------------------
  const imported = (
    story: string,
    region: string,
    days: number,
    description: string,
    owner: string | undefined,
  ) =>
    key(story, region, days, {
      description,
      origin: 'EXTERNAL',
      tags: owner === undefined ? [undefined, 'edi', 'Confidential'] : [owner, 'edi', 'Confidential'],
      users: ['orders-api'],
    });
  add(
    imported(
      'imported',
      'us-east-1',
      590,
      'EDI exchange with carriers (carrier requires escrowed material)',
      'Maria Lopez',
    )
      .tag(ago(589, 'imported', 'tag'), keyAdmin, { OriginJustification: 'CR-2291 carrier escrow agreement' })
      .importMaterial(ago(588, 'imported'), keyAdmin)
      .use(8, ...directUses(actor('orders-api'))),
  );
  add(
    imported('imported-expiring-soon', 'eu-west-1', 340, 'EDI exchange, EU carriers', 'Maria Lopez')
      .importMaterial(ago(339, 'imported-expiring'), keyAdmin, frame.now + 12 * DAY)
      .use(5, ...directUses(actor('orders-api'))),
  );
  add(
    imported('imported-expired', 'us-east-1', 400, 'EDI exchange 2025', undefined)
      .importMaterial(ago(399, 'imported-expired'), keyAdmin, ago(18, 'imported-expired'))
      .use(2, ...directUses(actor('orders-api'))),
  );
  add(
    imported('imported-rotated', 'eu-central-1', 500, 'EDI exchange, rail operators', 'Lena Fischer')
      .importMaterial(ago(498, 'imported-rotated'), keyAdmin)
      .rotateOnDemand(ago(120, 'imported-rotated'), keyAdmin)
      .use(3, ...directUses(actor('orders-api'))),
  );
  add(
    imported(
      'pending-import',
      'us-east-1',
      22,
      'EDI exchange 2027 (material not yet delivered)',
      'Maria Lopez',
    ),
  );

  // -- custom key stores -----------------------------------------------------------------------------------------
  const storeId = (name: string): string => `cks-${frame.random('store', name).hex(17)}`;
  const clusterId = (name: string): string =>
    `cluster-${frame.random('cluster', name).upper(11).toLowerCase()}`;
  const stores: CustomKeyStore[] = [
    {
      id: storeId('hsm'),
      name: 'meridian-hsm',
      accountId: frame.production,
      region: 'us-east-1',
      type: 'AWS_CLOUDHSM',
      connectionState: 'CONNECTED',
      createdAt: ago(700, 'store', 'hsm'),
      cloudHsmClusterId: clusterId('hsm'),
    },
    {
      id: storeId('hsm-dr'),
      name: 'meridian-hsm-dr',
      accountId: frame.production,
      region: 'eu-west-1',
      type: 'AWS_CLOUDHSM',
      connectionState: 'FAILED',
      connectionErrorCode: 'INSUFFICIENT_CLOUDHSM_HSMS',
      createdAt: ago(650, 'store', 'hsm-dr'),
      cloudHsmClusterId: clusterId('hsm-dr'),
    },
    {
      id: storeId('xks'),
      name: 'meridian-sovereign',
      accountId: frame.production,
      region: 'eu-central-1',
      type: 'EXTERNAL_KEY_STORE',
      connectionState: 'CONNECTED',
      createdAt: ago(360, 'store', 'xks'),
      xksProxy: {
        connectivity: 'PUBLIC_ENDPOINT',
        accessKeyId: frame.random('xks-proxy').upper(24),
        uriEndpoint: 'https://xks.meridian-freight.example',
        uriPath: '/de/kms/xks/v1',
      },
    },
  ];
  const [hsm, hsmDr, xks] = stores as [CustomKeyStore, CustomKeyStore, CustomKeyStore];
  add(
    key('cloudhsm', 'us-east-1', 690, {
      description: 'Payment PIN translation (HSM required by scheme)',
      tags: ['Omar Haddad', 'payments', 'Restricted'],
      origin: 'AWS_CLOUDHSM',
      customKeyStoreId: hsm.id,
      cloudHsmClusterId: hsm.cloudHsmClusterId!,
      users: ['payments-tokenizer'],
    }).use(7, ...directUses(actor('payments-tokenizer'))),
  );
  add(
    key('cloudhsm-unavailable', 'eu-west-1', 640, {
      description: 'Payment PIN translation, recovery site',
      tags: ['Omar Haddad', 'payments', 'Restricted'],
      origin: 'AWS_CLOUDHSM',
      state: 'Unavailable',
      customKeyStoreId: hsmDr.id,
      cloudHsmClusterId: hsmDr.cloudHsmClusterId!,
      users: ['payments-tokenizer'],
    }),
  );
  add(
    key('external-key-store', 'eu-central-1', 350, {
      description: 'Customer data held under German key custody',
      tags: ['Ines Carvalho', 'documents', 'Restricted'],
      origin: 'EXTERNAL_KEY_STORE',
      customKeyStoreId: xks.id,
      xksKeyId: `mf-${frame.random('xks-key').hex(8)}`,
      users: ['warehouse-etl'],
    }).use(4, ...dataKeyUses(actor('warehouse-etl'), 's3.eu-central-1.amazonaws.com')),
  );

  // -- multi-Region ----------------------------------------------------------------------------------------------
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
  return stores;
}
