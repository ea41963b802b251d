import { describe, expect, it } from 'vitest';
import {
  buildAcl,
  capabilitiesOf,
  decide,
  parseVaultPolicy,
} from '../../../../electron/access/vault/index.ts';
import type { AclRequest, VaultIdentity } from '../../../../electron/access/vault/index.ts';

const rule = (path: string, ...capabilities: string[]): string =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }\n`;

type Case = [
  situation: string,
  policies: string | string[],
  path: string,
  capability: string,
  allowed: boolean,
];

function outcome(
  texts: readonly string[],
  path: string,
  capability: string,
  identity?: VaultIdentity,
): string {
  const held = texts.map((text, i) => ({ policy: parseVaultPolicy(`p${i}`, text), namespace: '' }));
  const [name, sudo] = capability.split('+');
  return decide(buildAcl(held, identity ?? { groups: [] }), {
    path,
    capability: name as AclRequest['capability'],
    sudo: sudo === 'sudo',
  }).outcome;
}

const cases: Case[] = [
  // Exact paths
  ['an exact path gives its capability', rule('secret/foo', 'read'), 'secret/foo', 'read', true],
  ['an exact path gives no other capability', rule('secret/foo', 'read'), 'secret/foo', 'update', false],
  [
    'an exact path says nothing of what lies below',
    rule('secret/foo', 'read'),
    'secret/foo/bar',
    'read',
    false,
  ],
  ['an exact path is no prefix', rule('secret/foo', 'read'), 'secret/food', 'read', false],
  // As a real OpenBao answers: a list goes out with a slash, behind which a last `+` finds an empty name.
  [
    'a list of keys is denied where the rule for one key is more specific',
    rule('+/keys', 'list') + rule('+/keys/+', 'read'),
    'transit/keys',
    'list',
    false,
  ],
  [
    'a list of keys is allowed where its own rule has the slash',
    rule('+/keys/', 'list') + rule('+/keys/+', 'read'),
    'transit/keys',
    'list',
    true,
  ],
  [
    'a list of keys is allowed by an exact path without the slash',
    rule('transit/keys', 'list') + rule('transit/keys/+', 'read'),
    'transit/keys',
    'list',
    true,
  ],
  ['no rule at all', rule('secret/foo', 'read'), 'other', 'read', false],
  ['no policy at all', [], 'secret/foo', 'read', false],
  ['a leading slash in the rule is dropped', rule('/secret/foo', 'read'), 'secret/foo', 'read', true],
  ['a leading slash in the request is dropped', rule('secret/foo', 'read'), '/secret/foo', 'read', true],
  ['paths are case sensitive', rule('secret/Foo', 'read'), 'secret/foo', 'read', false],
  ['a dot is only a dot', rule('secret/f.o', 'read'), 'secret/fxo', 'read', false],
  ['no capabilities give nothing', rule('secret/foo'), 'secret/foo', 'read', false],
  ['create is not update', rule('secret/foo', 'create'), 'secret/foo', 'update', false],
  ['update is not create', rule('secret/foo', 'update'), 'secret/foo', 'create', false],
  ['patch stands by itself', rule('secret/foo', 'patch'), 'secret/foo', 'patch', true],
  ['update is not patch', rule('secret/foo', 'update'), 'secret/foo', 'patch', false],
  ['sudo alone reads nothing', rule('secret/foo', 'sudo'), 'secret/foo', 'read', false],
  ['scan is a capability of OpenBao', rule('secret/', 'scan'), 'secret/', 'scan', true],
  // The documentation's own examples
  ['documented: secret/foo read', rule('secret/foo', 'read'), 'secret/foo', 'read', true],
  ['documented: bar/* reads bar/zip', rule('bar/*', 'read'), 'bar/zip', 'read', true],
  ['documented: bar/* reads bar/zip/zap', rule('bar/*', 'read'), 'bar/zip/zap', 'read', true],
  ['documented: bar/* does not read bar', rule('bar/*', 'read'), 'bar', 'read', false],
  ['documented: zip-* reads zip-zap', rule('secret/zip-*', 'read'), 'secret/zip-zap', 'read', true],
  ['documented: zip-* reads zip-zap/zong', rule('secret/zip-*', 'read'), 'secret/zip-zap/zong', 'read', true],
  ['documented: zip-* does not read zip/zap', rule('secret/zip-*', 'read'), 'secret/zip/zap', 'read', false],
  ['documented: +/teamb matches foo/teamb', rule('secret/+/teamb', 'read'), 'secret/foo/teamb', 'read', true],
  [
    'documented: +/teamb is one segment',
    rule('secret/+/teamb', 'read'),
    'secret/foo/bar/teamb',
    'read',
    false,
  ],
  [
    'documented: +/+/teamb is two segments',
    rule('secret/+/+/teamb', 'read'),
    'secret/foo/bar/teamb',
    'read',
    true,
  ],
  [
    'documented: super-secret is denied',
    rule('secret/*', 'read') + rule('secret/super-secret', 'deny'),
    'secret/super-secret',
    'read',
    false,
  ],
  [
    'documented: beside super-secret is open',
    rule('secret/*', 'read') + rule('secret/super-secret', 'deny'),
    'secret/other',
    'read',
    true,
  ],
  // Globs
  ['a glob matches the empty rest', rule('secret/foo*', 'read'), 'secret/foo', 'read', true],
  ['a star in the middle is only a star', rule('secret/*/foo', 'read'), 'secret/a/foo', 'read', false],
  ['a lone star matches everything', rule('*', 'read'), 'any/thing', 'read', true],
  [
    'the longer glob decides, and gives less',
    rule('a/*', 'read', 'update') + rule('a/b*', 'read'),
    'a/bc',
    'update',
    false,
  ],
  [
    'the longer glob decides, and gives more',
    rule('a/*', 'read') + rule('a/b*', 'update'),
    'a/bc',
    'update',
    true,
  ],
  [
    'the longer glob replaces, it does not add',
    rule('a/*', 'read') + rule('a/b*', 'update'),
    'a/bc',
    'read',
    false,
  ],
  [
    'the shorter glob decides beside the longer',
    rule('a/*', 'read') + rule('a/b*', 'update'),
    'a/c',
    'read',
    true,
  ],
  [
    'an exact path is above every glob',
    rule('a/b*', 'read', 'update') + rule('a/bc', 'read'),
    'a/bc',
    'update',
    false,
  ],
  [
    'an exact path may open what a glob denies',
    rule('a/*', 'deny') + rule('a/b', 'read'),
    'a/b',
    'read',
    true,
  ],
  // Segments
  ['a plus matches no two segments', rule('a/+', 'read'), 'a/b/c', 'read', false],
  ['a plus matches one segment', rule('a/+', 'read'), 'a/b', 'read', true],
  ['a plus at the start', rule('+/b', 'read'), 'a/b', 'read', true],
  ['a lone plus is one segment', rule('+', 'read'), 'a', 'read', true],
  ['a lone plus is not two', rule('+', 'read'), 'a/b', 'read', false],
  ['a plus inside a word is only a plus', rule('a/b+c', 'read'), 'a/bxc', 'read', false],
  ['a plus inside a word matches itself', rule('a/b+c', 'read'), 'a/b+c', 'read', true],
  ['plus with glob matches deeper', rule('a/+/c*', 'read'), 'a/b/cd/e', 'read', true],
  ['plus with glob needs its prefix', rule('a/+/c*', 'read'), 'a/b/d', 'read', false],
  ['plus with a slash and a glob', rule('a/+/*', 'read'), 'a/b/d/e', 'read', true],
  ['plus with a slash and a glob needs a third segment', rule('a/+/*', 'read'), 'a/b', 'read', false],
  ['a path that is too short', rule('a/+/c', 'read'), 'a/b', 'read', false],
  // Priority
  [
    'priority 1: the later wildcard wins',
    rule('foo/a*', 'read') + rule('foo/+', 'deny'),
    'foo/ab',
    'read',
    true,
  ],
  [
    'priority 1: foo/bar/+/baz over foo/+/bar/baz',
    rule('foo/bar/+/baz', 'read') + rule('foo/+/bar/baz', 'deny'),
    'foo/bar/bar/baz',
    'read',
    true,
  ],
  [
    'priority 1: the earlier wildcard loses though it allows',
    rule('foo/bar/+/baz', 'deny') + rule('foo/+/bar/baz', 'read'),
    'foo/bar/bar/baz',
    'read',
    false,
  ],
  ['priority 2: foo/+ over foo/*', rule('foo/+', 'read') + rule('foo/*', 'deny'), 'foo/x', 'read', true],
  [
    'priority 2: foo/+/bar over foo/+/ba*',
    rule('foo/+/bar', 'deny') + rule('foo/+/ba*', 'read'),
    'foo/x/bar',
    'read',
    false,
  ],
  [
    'priority 3: fewer plus wins',
    rule('foo/+/bar/baz', 'read') + rule('foo/+/+/baz', 'deny'),
    'foo/x/bar/baz',
    'read',
    true,
  ],
  [
    'priority 3: more plus loses though it allows',
    rule('foo/+/bar/baz', 'deny') + rule('foo/+/+/baz', 'read'),
    'foo/x/bar/baz',
    'read',
    false,
  ],
  [
    'priority 4: the longer wins',
    rule('foo/+/bar/ba*', 'read') + rule('foo/+/bar/b*', 'deny'),
    'foo/x/bar/baz',
    'read',
    true,
  ],
  [
    'priority 5: the lexically greater wins',
    rule('a/+/bb/+', 'read') + rule('a/+/+/bb', 'deny'),
    'a/x/bb/bb',
    'read',
    true,
  ],
  [
    'documented: secret/* wins over secret/+/+/foo/*, which has two plus more',
    rule('secret/*', 'read') + rule('secret/+/+/foo/*', 'deny'),
    'secret/a/b/foo/c',
    'read',
    true,
  ],
  // Several policies
  ['two policies add up on one pattern', [rule('a/b', 'read'), rule('a/b', 'update')], 'a/b', 'update', true],
  ['two policies add up, the first stays', [rule('a/b', 'read'), rule('a/b', 'update')], 'a/b', 'read', true],
  ['deny wins when it comes last', [rule('a/b', 'read'), rule('a/b', 'deny')], 'a/b', 'read', false],
  ['deny wins when it comes first', [rule('a/b', 'deny'), rule('a/b', 'read')], 'a/b', 'read', false],
  ['deny wins over what stands beside it', rule('a/b', 'read', 'deny'), 'a/b', 'read', false],
  ['deny on a glob in another policy', [rule('a/*', 'read'), rule('a/*', 'deny')], 'a/b', 'read', false],
  ['a less specific deny does not reach', [rule('a/*', 'deny'), rule('a/b*', 'read')], 'a/bc', 'read', true],
  ['one policy with the same path twice', rule('a/b', 'read') + rule('a/b', 'update'), 'a/b', 'update', true],
  // Listing
  ['LIST is asked with a slash and found without', rule('a/keys', 'list'), 'a/keys', 'list', true],
  ['LIST with the slash in the rule', rule('a/keys/', 'list'), 'a/keys', 'list', true],
  ['LIST through a glob', rule('a/*', 'list'), 'a/keys', 'list', true],
  ['LIST through a plus', rule('+/keys', 'list'), 'a/keys', 'list', true],
  ['reading is not listing', rule('a/keys', 'read'), 'a/keys', 'list', false],
  ['a read does not lose its slash', rule('a/keys', 'read'), 'a/keys/', 'read', false],
  [
    'LIST: the exact deny without slash',
    rule('a/*', 'list') + rule('a/keys', 'deny'),
    'a/keys',
    'list',
    false,
  ],
  // Root-protected paths
  ['a root path needs sudo too', rule('sys/audit', 'read'), 'sys/audit', 'read+sudo', false],
  ['a root path with sudo', rule('sys/audit', 'read', 'sudo'), 'sys/audit', 'read+sudo', true],
  ['sudo without the capability', rule('sys/audit', 'sudo'), 'sys/audit', 'read+sudo', false],
  [
    'sudo and read from two policies',
    [rule('sys/audit', 'sudo'), rule('sys/audit', 'read')],
    'sys/audit',
    'read+sudo',
    true,
  ],
  [
    'sudo on a less specific pattern does not help',
    rule('sys/*', 'sudo', 'read') + rule('sys/audit', 'read'),
    'sys/audit',
    'read+sudo',
    false,
  ],
  // The deprecated form
  ['policy = "write" updates', 'path "a/b" { policy = "write" }', 'a/b', 'update', true],
  ['policy = "write" lists', 'path "a/b/" { policy = "write" }', 'a/b', 'list', true],
  ['policy = "write" has no sudo', 'path "a/b" { policy = "write" }', 'a/b', 'read+sudo', false],
  ['policy = "sudo" has sudo', 'path "a/b" { policy = "sudo" }', 'a/b', 'read+sudo', true],
  ['policy = "read" reads', 'path "a/b" { policy = "read" }', 'a/b', 'read', true],
  ['policy = "read" does not update', 'path "a/b" { policy = "read" }', 'a/b', 'update', false],
  ['policy = "deny" denies', [rule('a/b', 'read'), 'path "a/b" { policy = "deny" }'], 'a/b', 'read', false],
  [
    'policy and capabilities add up',
    'path "a/b" { policy = "read" capabilities = ["update"] }',
    'a/b',
    'update',
    true,
  ],
  // JSON
  ['the JSON form', '{"path":{"a/*":{"capabilities":["read"]}}}', 'a/b', 'read', true],
  [
    'the JSON form with several paths',
    '{"path":{"a/*":{"capabilities":["read"]},"a/b":{"capabilities":["deny"]}}}',
    'a/b',
    'read',
    false,
  ],
  ['the JSON form as a list', '{"path":[{"a/b":{"capabilities":["read"]}}]}', 'a/b', 'read', true],
  ['the JSON form, deprecated', '{"path":{"a/b":{"policy":"write"}}}', 'a/b', 'delete', true],
];

describe('truth table of Vault policies', () => {
  it.each(cases)('%s', (_, policies, path, capability, allowed) => {
    const texts = typeof policies === 'string' ? [policies] : policies;
    expect(outcome(texts, path, capability)).toBe(allowed ? 'allowed' : 'denied');
  });
  it('has at least 80 cases', () => expect(cases.length).toBeGreaterThanOrEqual(80));
});

describe('templated paths', () => {
  const identity: VaultIdentity = {
    entity: {
      id: 'e-1',
      name: 'maria',
      metadata: { team: 'platform' },
      aliases: [
        { name: 'maria.lopez', mount_accessor: 'auth_userpass_1', custom_metadata: { site: 'rotterdam' } },
      ],
    },
    groups: [{ id: 'g-1', name: 'engineers', metadata: { area: 'core' } }],
  };
  it.each([
    ['identity.entity.id', 'e-1'],
    [' identity.entity.name ', 'maria'],
    ['identity.entity.metadata.team', 'platform'],
    ['identity.entity.aliases.auth_userpass_1.name', 'maria.lopez'],
    ['identity.entity.aliases.auth_userpass_1.custom_metadata.site', 'rotterdam'],
    ['identity.groups.names.engineers.id', 'g-1'],
    ['identity.groups.ids.g-1.name', 'engineers'],
    ['identity.groups.names.engineers.metadata.area', 'core'],
  ])('{{%s}} becomes %s', (parameter, value) => {
    const text = rule(`t/{{${parameter}}}/*`, 'read');
    expect(outcome([text], `t/${value}/x`, 'read', identity)).toBe('allowed');
    expect(outcome([text], `t/else/x`, 'read', identity)).toBe('denied');
  });
  it('leaves a rule out when the identity has no such value', () => {
    expect(outcome([rule('t/{{identity.entity.metadata.nothing}}*', 'read')], 't/', 'read', identity)).toBe(
      'denied',
    );
  });
  it('says unknown when it is not known who asks, and only where the template could match', () => {
    const policy = parseVaultPolicy('t', rule('t/{{identity.entity.id}}/x', 'read'));
    const acl = buildAcl([{ policy, namespace: '' }], undefined);
    expect(decide(acl, { path: 't/anything/x', capability: 'read' }).outcome).toBe('unknown');
    expect(decide(acl, { path: 't/anything/y', capability: 'read' }).outcome).toBe('denied');
    expect(decide(acl, { path: 't/anything/x', capability: 'update' }).outcome).toBe('denied');
  });
  it('says unknown when an unresolved rule could deny what another gives', () => {
    const policy = parseVaultPolicy('t', rule('t/*', 'read') + rule('t/{{identity.entity.id}}/x', 'deny'));
    const acl = buildAcl([{ policy, namespace: '' }], undefined);
    expect(decide(acl, { path: 't/a/x', capability: 'read' }).outcome).toBe('unknown');
    expect(decide(acl, { path: 't/a/y', capability: 'read' }).outcome).toBe('allowed');
  });
});

describe('limits, root, namespaces and what sys/capabilities says', () => {
  it('reports parameter constraints as conditions of an allowed update, and not of a delete', () => {
    const text = `path "transit/keys/+/config" {
      capabilities = ["update", "delete"]
      allowed_parameters = { "auto_rotate_period" = ["720h"], "*" = [] }
      denied_parameters { exportable = [true] }
      required_parameters = ["auto_rotate_period"]
      min_wrapping_ttl = "1s"
      max_wrapping_ttl = 90
      control_group = { factor "ops" { identity { group_names = ["ops"] approvals = 1 } } }
    }`;
    const acl = buildAcl([{ policy: parseVaultPolicy('p', text), namespace: '' }], { groups: [] });
    const decision = decide(acl, { path: 'transit/keys/a/config', capability: 'update' });
    expect(decision.outcome).toBe('allowed');
    expect(decision.limits.map(({ limit }) => [limit.operator, limit.key, limit.values[0]])).toEqual([
      ['allowed_parameters', 'auto_rotate_period', '720h'],
      ['allowed_parameters', '*', undefined],
      ['denied_parameters', 'exportable', 'true'],
      ['required_parameters', 'auto_rotate_period', undefined],
      ['min_wrapping_ttl', '', '1s'],
      ['max_wrapping_ttl', '', '90'],
      ['control_group', '', expect.stringContaining('group_names')],
    ]);
    const deletion = decide(acl, { path: 'transit/keys/a/config', capability: 'delete' });
    expect(deletion.limits.map(({ limit }) => limit.operator)).toEqual([
      'min_wrapping_ttl',
      'max_wrapping_ttl',
      'control_group',
    ]);
  });
  it('lets the root policy of the root namespace do everything, and one so named elsewhere nothing', () => {
    const policy = parseVaultPolicy('root', '');
    const request = { path: 'sys/audit', capability: 'read', sudo: true } as const;
    expect(decide(buildAcl([{ policy, namespace: '' }], undefined), request)).toMatchObject({
      outcome: 'allowed',
      root: true,
    });
    expect(decide(buildAcl([{ policy, namespace: 'team/' }], undefined), request).outcome).toBe('denied');
  });
  it('binds a policy to its namespace', () => {
    const acl = buildAcl(
      [{ policy: parseVaultPolicy('p', rule('transit/*', 'read')), namespace: 'team/' }],
      undefined,
    );
    expect(decide(acl, { path: 'team/transit/keys/a', capability: 'read' }).outcome).toBe('allowed');
    expect(decide(acl, { path: 'transit/keys/a', capability: 'read' }).outcome).toBe('denied');
  });
  it('answers capabilities sorted, deny when there are none, root for root', () => {
    const acl = buildAcl(
      [{ policy: parseVaultPolicy('p', rule('a/*', 'update', 'list', 'create')), namespace: '' }],
      undefined,
    );
    expect(capabilitiesOf(acl, 'a/b')).toEqual(['create', 'list', 'update']);
    expect(capabilitiesOf(acl, 'b')).toEqual(['deny']);
    expect(
      capabilitiesOf(buildAcl([{ policy: parseVaultPolicy('root', ''), namespace: '' }], undefined), 'b'),
    ).toEqual(['root']);
  });
  it('leaves out a rule of OpenBao that expired before the moment asked about', () => {
    const policy = parseVaultPolicy(
      'p',
      'path "a" { capabilities = ["read"] expiration = "2026-03-01T00:00:00Z" }',
    );
    const at = (when: string): string =>
      decide(buildAcl([{ policy, namespace: '' }], undefined, when), { path: 'a', capability: 'read' })
        .outcome;
    expect(at('2026-02-01T00:00:00Z')).toBe('allowed');
    expect(at('2026-04-01T00:00:00Z')).toBe('denied');
  });
});

describe('texts that are not as they should be', () => {
  it.each([
    ['a brace that does not close', 'path "a" { capabilities = ["read"]', 'policy-malformed'],
    ['a text that does not end', 'path "a { }', 'policy-malformed'],
    ['broken JSON', '{"path": {', 'policy-malformed'],
    ['a comment that does not end', '/* x', 'policy-malformed'],
    ['forbidden wildcards', rule('a/+*', 'read'), 'statement-malformed'],
    ['a template that is unknown', rule('a/{{identity.shoe.size}}', 'read'), 'statement-malformed'],
    ['braces that do not match', rule('a/{{identity.entity.id', 'read'), 'statement-malformed'],
    ['an old policy that does not exist', 'path "a" { policy = "all" }', 'statement-malformed'],
    ['capabilities that are no list', 'path "a" { capabilities = "read" }', 'statement-malformed'],
    ['a path without a path', 'path { capabilities = ["read"] }', 'statement-malformed'],
  ])('%s makes every answer unknown', (_, text, code) => {
    const policy = parseVaultPolicy('p', text);
    expect(policy.issues.map((issue) => issue.code)).toContain(code);
    expect(policy.complete).toBe(false);
    const acl = buildAcl([{ policy, namespace: '' }], { groups: [] });
    expect(decide(acl, { path: 'a', capability: 'read' }).outcome).toBe('unknown');
  });
  it.each([
    ['an unknown element of a path', 'path "a" { capabilities = ["read"] colour = "red" }'],
    ['an unknown capability', rule('a', 'read', 'fly')],
    ['an unknown element of the policy', `${rule('a', 'read')} colour = "red"`],
  ])('%s is reported and the rest counts', (_, text) => {
    const policy = parseVaultPolicy('p', text);
    expect(policy.issues.map((issue) => issue.code)).toEqual(['element-unknown']);
    expect(outcome([text], 'a', 'read')).toBe('allowed');
  });
  it('reads comments, heredocs, escapes and commas, and keeps the line', () => {
    const policy = parseVaultPolicy(
      'p',
      '# one\n// two\n/* three\n*/\npath "a\\"b" { comment = <<EOT\nhi\nEOT\n capabilities = ["read",] }',
    );
    expect(policy).toMatchObject({ complete: true, issues: [], rules: [{ path: 'a"b', line: 5 }] });
  });
});
