import { DAY } from './time.ts';
import type { CustomKeyStore } from './types.ts';
import { dataKeyUses, directUses, type World } from './world.ts';

/** Keys whose material AWS KMS does not make or hold alone: imported, in a CloudHSM cluster, outside AWS. */
export function tellCustodyStories(world: World): CustomKeyStore[] {
  const { frame, key, add, ago, actor } = world;
  const keyAdmin = actor('sso-key-admin');
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
  return stores;
}
