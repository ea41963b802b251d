import { MAC, SIGN } from './documents.ts';
import type { KeySpec, KeyUsage } from './types.ts';
import { macUses, signUses, type World } from './world.ts';

/** Asymmetric and HMAC keys. */
export function tellKindStories(world: World): void {
  const { key, add, ago, actor } = world;
  const deployer = actor('infrastructure-deployer');
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
}
