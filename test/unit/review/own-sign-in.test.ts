import { describe, expect, it } from 'vitest';
import type { Source } from '../../../electron/engagement/engagement.ts';
import { signInFrom, withOwnSignIn } from '../../../electron/review/reperform/own-sign-in.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const aws: Source = {
  ...{ provider: 'aws', id: 'prod', title: 'Production', regions: null, sampleEndpoint: null },
  ...{ credentials: { from: 'profile', profile: 'client' }, readLogFiles: true },
  assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/Auditor', externalId: 'x' },
};
const azure: Source = {
  ...{ provider: 'azure', id: 'az', title: 'Azure', tenant: TENANT, cloud: 'public', subscriptions: null },
  ...{ sampleEndpoint: null, sampleCa: null, readLogs: true },
  credentials: { from: 'client-secret', clientId: TENANT },
};
const vault: Source = {
  ...{ provider: 'vault', id: 'v', title: 'Vault', address: 'https://vault.example:8200', sample: false },
  ...{ namespace: null, namespaces: null, mounts: null, kvMetadata: true, auditLogs: [] },
  ...{ caFile: '/client/ca.pem', login: { from: 'approle', mount: 'approle', roleId: 'client' } },
};

describe('signing in to the sources of a pack', () => {
  it('is never as the client did, also when nothing was chosen', () => {
    expect(withOwnSignIn(aws, undefined)).toMatchObject({ credentials: { from: 'default-chain' } });
    expect(withOwnSignIn(azure, undefined)).toMatchObject({ credentials: { from: 'azure-cli' } });
    expect(withOwnSignIn(vault, undefined)).toMatchObject({ login: { from: 'token' }, caFile: null });
  });

  it('takes the role agreed on, another, or none', () => {
    const how = signInFrom('profile:auditor');
    expect(withOwnSignIn(aws, { how })).toMatchObject({ assumeRole: { externalId: 'x' } });
    expect(withOwnSignIn(aws, { how, assumeRole: null })).toMatchObject({ assumeRole: null });
  });

  it.each([
    ['default', { from: 'default-chain' }],
    ['sso:auditor', { from: 'sso', profile: 'auditor' }],
    ['browser', { from: 'interactive-browser', clientId: null }],
    [`client-certificate:${TENANT}:C:\\certs\\a.pem`, { clientId: TENANT, path: 'C:\\certs\\a.pem' }],
    ['approle:abc-1', { from: 'approle', mount: 'approle', roleId: 'abc-1' }],
    ['userpass:ann@ldap-audit', { from: 'userpass', mount: 'ldap-audit', username: 'ann' }],
    ['oidc@sso', { from: 'oidc', mount: 'sso', role: null }],
    ['oidc:auditor@sso', { from: 'oidc', mount: 'sso', role: 'auditor' }],
  ])('is written %s', (text, how) => {
    expect(signInFrom(text)).toMatchObject(how);
  });

  it.each(['profile', 'client-secret:me', 'magic', 'userpass', ''])('is refused with words: %s', (text) => {
    expect(() => signInFrom(text)).toThrow(/^cannot sign in with .* Vault: token/);
  });

  it('of one provider does not fit another', () => {
    expect(() => withOwnSignIn(azure, { how: signInFrom('token') })).toThrow(
      'cannot sign in to az with token: that is no way to sign in to Azure.',
    );
  });
});
