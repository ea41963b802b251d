/** A believable report model: one company, two accounts, three regions, about sixty keys of many kinds. */
import { createHash } from 'node:crypto';
import type {
  ControlPart,
  Fact,
  InventoryRow,
  KeyPart,
  ReportModel,
  ResultState,
  StateCounts,
} from '../../../../electron/pack/pdf/report-model.ts';

const ACCOUNTS = [
  { id: '111122223333', name: 'northwind-production' },
  { id: '444455556666', name: 'northwind-data' },
];
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];
const PURPOSES = [
  'payments-ledger',
  'customer-documents',
  'card-vault',
  'session-tokens',
  'backup',
  'analytics-lake',
  'signing',
  'hr-files',
  'audit-archive',
  'mail-queue',
];
const OWNERS = [
  'Łukasz Wójcik, Platform',
  'Zoë Brontë, Payments',
  'Νίκος Παπαδόπουλος, Data',
  'Анна Жукова, Security',
  '田中 陽子, Tokyo Operations',
  'דנה לוי, Identity',
  null,
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'];

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const roll = (text: string, sides: number): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) % sides;
const uuid = (text: string): string =>
  sha(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
const observed = (value: string | null, exchange: number, reason?: string): Fact => ({
  value,
  basis: 'observed',
  citations: [exchange],
  ...(reason === undefined ? {} : { reason }),
});

function rotationResult(i: number): ResultState {
  if (i % 13 === 4) return 'undetermined';
  if (i % 9 === 2) return 'evidence-required';
  if (i % 7 === 3) return 'exception';
  return 'pass';
}

function key(i: number): KeyPart {
  const account = ACCOUNTS[i % 2] ?? { id: '0', name: '' };
  const region = REGIONS[i % 3] ?? '';
  const id = uuid(`key ${i}`);
  const purpose = PURPOSES[i % PURPOSES.length] ?? '';
  const result = rotationResult(i);
  const owner = OWNERS[i % OWNERS.length] ?? null;
  const x = 400 + i * 7;
  const denied = 'AccessDeniedException: not authorized to perform kms:GetKeyRotationStatus';
  const bins = MONTHS.map((label, m) => {
    const covered = i % 2 === 0 && m === 2 ? ('partial' as const) : i % 3 === 2 && m === 0 ? false : true;
    return { label, count: covered === false || i % 17 === 5 ? 0 : roll(`${i} ${m}`, 24_000), covered };
  });
  const total = bins.reduce((s, b) => s + b.count, 0);
  return {
    id,
    keyId: id,
    arn: `arn:aws:kms:${region}:${account.id}:key/${id}`,
    alias: observed(`alias/${purpose}${i > 9 ? `-${i}` : ''}`, x),
    source: `aws-${account.id}`,
    account: `${account.id} (${account.name})`,
    region,
    state: observed(i % 19 === 7 ? 'Pending deletion, 14 August 2026' : 'Enabled', x + 1),
    algorithm: observed(i % 9 === 2 ? 'RSA_2048' : 'SYMMETRIC_DEFAULT (AES-256-GCM)', x + 1),
    use: observed(i % 9 === 2 ? 'Sign and verify' : 'Encrypt and decrypt', x + 1),
    origin: observed(i % 11 === 6 ? 'Imported (EXTERNAL)' : 'AWS_KMS', x + 1),
    manager: observed('Customer', x + 1),
    created: observed('2023-04-12 08:31:07 UTC', x + 1),
    rotation: {
      status:
        result === 'undetermined'
          ? observed(null, x + 2, denied)
          : observed(
              result === 'pass'
                ? 'Enabled'
                : result === 'exception'
                  ? 'Disabled'
                  : 'Not supported for this kind of key',
              x + 2,
            ),
      period:
        result === 'pass'
          ? observed('365 days', x + 2)
          : observed(null, x + 2, 'no rotation setting was read'),
      last: {
        value: result === 'pass' ? '2026-02-11 04:02:51 UTC' : 'none recorded',
        basis: 'observed',
        citations: [x + 3],
        reason: 'ListKeyRotations, automatic',
      },
      next: {
        value: result === 'pass' ? '2027-02-11' : 'none',
        basis: 'computed',
        citations: [x + 2, x + 3],
      },
    },
    owner:
      owner === null
        ? { value: null, basis: 'declared', reason: 'no tag and no inventory entry' }
        : { value: owner, basis: 'declared', citations: [90] },
    purpose: { value: purpose.replace('-', ' '), basis: 'declared', citations: [90] },
    results: [
      {
        control: 'KW-ROT-1',
        title: 'Rotation is enabled',
        atCollection: result,
        throughout: result === 'pass' ? (i % 5 === 0 ? 'undetermined' : 'pass') : result,
        detail: result === 'undetermined' ? denied : '',
        citations: [x + 2],
      },
      {
        control: 'KW-ACC-2',
        title: 'Key policy names no wildcard principal',
        atCollection: i % 23 === 11 ? 'exception' : 'pass',
        throughout: 'pass',
        detail: '',
        citations: [x + 4],
      },
      {
        control: 'KW-OWN-1',
        title: 'An owner is documented',
        atCollection: owner === null ? 'exception' : 'pass',
        throughout: null,
        detail: '',
        citations: [90],
      },
      {
        control: 'KW-MAT-1',
        title: 'Imported key material is justified',
        atCollection: i % 11 === 6 ? 'evidence-required' : 'not-applicable',
        throughout: 'not-applicable',
        detail: '',
        citations: [x + 1],
      },
    ],
    responses: ['DescribeKey', 'GetKeyRotationStatus', 'ListKeyRotations', 'GetKeyPolicy', 'ListGrants'].map(
      (operation, n) => ({
        exchange: x + 1 + n,
        operation,
        at: `2026-07-02T09:1${n}:0${i % 10}Z`,
        requestId: uuid(`request ${i} ${n}`),
        status: result === 'undetermined' && n === 1 ? '400 denied' : '200',
        sha256: sha(`body ${i} ${n}`),
      }),
    ),
    policy:
      i % 29 === 28
        ? null
        : {
            statements: 3,
            summary: [
              'Delegation to IAM of the account (kms:* for the account’s root): whether someone holds a right is decided by the account’s IAM policies.',
              `Administration (Create, Describe, Enable, Disable, Put, Update, ScheduleKeyDeletion) by role key-administrators.`,
              `Use (Encrypt, Decrypt, GenerateDataKey) by role ${purpose}-service${i % 23 === 11 ? ', and by everyone ("*") under aws:PrincipalOrgID' : ''}.`,
            ],
            sha256: sha(`policy ${i}`),
            at: '2026-07-02T09:14:05Z',
          },
    policyMissing: null,
    access: [
      {
        rights: 'administer',
        principal: `arn:aws:iam::${account.id}:role/key-administrators`,
        kind: 'role',
        path: 'key policy, statement 2',
      },
      {
        rights: 'use',
        principal: `arn:aws:iam::${account.id}:role/service-role/${purpose}-service`,
        kind: 'service role',
        path: 'key policy, statement 3',
      },
      {
        rights: 'use',
        principal: `arn:aws:iam::${account.id}:user/m.okafor`,
        kind: 'human user',
        path: 'IAM policy DataDebug (kms:Decrypt on all keys)',
        note: 'a person where a service role would do',
      },
      {
        rights: 'grant',
        principal: `arn:aws:iam::${account.id}:role/key-administrators`,
        kind: 'role',
        path: 'key policy, statement 2 (kms:CreateGrant)',
      },
    ],
    accessTotal: 4,
    usage: {
      bins,
      total,
      statement:
        total === 0
          ? 'No use is logged in the stretches covered. GetKeyLastUsage names no event.'
          : 'GetKeyLastUsage names an event of 30 June 2026, 23:51:12 UTC; it is in the extract.',
      operations:
        total === 0
          ? []
          : [
              { operation: 'Decrypt', count: Math.ceil(total * 0.7), principals: 3 },
              { operation: 'GenerateDataKey', count: Math.floor(total * 0.3), principals: 1 },
            ],
    },
  };
}

function tally(keys: readonly KeyPart[], control: string, which: 'atCollection' | 'throughout'): StateCounts {
  const counts: Record<ResultState, number> = {
    pass: 0,
    exception: 0,
    'not-applicable': 0,
    'evidence-required': 0,
    undetermined: 0,
  };
  for (const k of keys) {
    const state = k.results.find((r) => r.control === control)?.[which];
    if (state) counts[state]++;
  }
  return counts;
}

function control(
  keys: readonly KeyPart[],
  base: Pick<ControlPart, 'id' | 'title' | 'question' | 'finding' | 'method' | 'remediation'>,
  observation: string,
  number: string,
): ControlPart {
  const of = (k: KeyPart): KeyPart['results'][number] | undefined =>
    k.results.find((r) => r.control === base.id);
  const failing = keys.filter((k) => of(k)?.atCollection === 'exception');
  return {
    ...base,
    criteria: ['CC6.1'],
    permission: 'kms:GetKeyRotationStatus, kms:DescribeKey',
    atCollection: tally(keys, base.id, 'atCollection'),
    throughout: tally(keys, base.id, 'throughout'),
    exceptions:
      failing.length === 0
        ? []
        : [
            {
              number,
              observation: observation.replace('#', String(failing.length)),
              total: failing.length,
              groups: failing.map((k) => ({
                subjects: [{ label: k.alias.value ?? k.keyId, keyPage: k.id }],
                total: 1,
                items: [],
                atCollection: 'exception',
                throughout: of(k)?.throughout ?? null,
                reason: `${k.account}, ${k.region}: ${base.id === 'KW-ROT-1' ? 'KeyRotationEnabled is false' : 'see key page'}.`,
                citations: of(k)?.citations ?? [],
              })),
              ...(base.id === 'KW-ROT-1'
                ? {
                    response: {
                      text: 'Rotation will be enabled for all symmetric keys with the platform release of September.',
                      by: 'Łukasz Wójcik',
                      at: '2026-07-06',
                      owner: 'Platform',
                      due: '2026-09-30',
                      compensating: 'Keys of this group protect data that is re-encrypted yearly.',
                    },
                  }
                : {}),
            },
          ],
    openTotal: keys.filter((k) => /undetermined|evidence/.test(of(k)?.atCollection ?? '')).length,
    open: keys.flatMap((k) => {
      const r = of(k);
      if (r?.atCollection !== 'undetermined' && r?.atCollection !== 'evidence-required') return [];
      return [
        {
          subjects: [{ label: k.alias.value ?? k.keyId, keyPage: k.id }],
          total: 1,
          items: [],
          state: r.atCollection,
          reason:
            r.atCollection === 'undetermined'
              ? r.detail
              : 'Automatic rotation is not possible for this kind of key; evidence of manual rotation was not given.',
          citations: r.citations,
        },
      ];
    }),
  };
}

/** A model with `size` keys; all of them have pages. */
export function reportFixture(size = 60): ReportModel {
  const keys = Array.from({ length: size }, (_, i) => key(i));
  const inventory: InventoryRow[] = keys.map((k) => ({
    keyPage: k.id,
    key: k.keyId,
    alias: k.alias.value ?? '',
    scope: k.account.slice(0, 12),
    region: k.region,
    state: k.state.value?.split(',')[0] ?? '',
    algorithm: k.algorithm.value?.split(' ')[0] ?? '',
    origin: k.origin.value ?? '',
    rotation: k.rotation.status.value ?? 'not known',
    owner: k.owner.value,
    result: k.results[0]?.atCollection ?? 'undetermined',
  }));
  const controls: ControlPart[] = [
    control(
      keys,
      {
        id: 'KW-ROT-1',
        title: 'Rotation is enabled',
        finding: 'rotation',
        question: 'Is automatic rotation enabled on every key that supports it?',
        method:
          'KeyRotationEnabled of GetKeyRotationStatus, for every customer managed symmetric key with material made by the provider; for the period, logged changes of the setting and the coverage of the logs.',
        remediation:
          'Enable automatic rotation with a period of at most 365 days, or document a manual schedule and keep evidence of each rotation.',
      },
      'On # keys automatic rotation was disabled.',
      'E-01',
    ),
    control(
      keys,
      {
        id: 'KW-ACC-2',
        title: 'Key policy names no wildcard principal',
        finding: 'access',
        question: 'Does any key policy give rights to everyone?',
        method:
          'Every Allow statement of the key policy is read; conditions that close the statement are named.',
        remediation: 'Name the principals, or restrict with aws:PrincipalOrgID and a caller condition.',
      },
      'On # keys a statement names every principal.',
      'E-02',
    ),
    control(
      keys,
      {
        id: 'KW-OWN-1',
        title: 'An owner is documented',
        finding: 'ownership',
        question: 'Does every key have a documented owner who is active?',
        method: 'Inventory entry or owner tag, matched with the people roster.',
        remediation: 'Assign an owner in the approved inventory.',
      },
      '# keys have no documented owner.',
      'E-03',
    ),
    control(
      keys,
      {
        id: 'KW-MAT-1',
        title: 'Imported key material is justified',
        finding: null,
        question: 'Is there a recorded justification for key material that the platform did not make?',
        method: 'Origin of DescribeKey against the approved inventory.',
        remediation: 'Record the justification and its approval.',
      },
      '',
      'E-04',
    ),
  ];
  const exceptions = controls.flatMap((c) => c.exceptions.flatMap((e) => e.groups)).length;
  const open = controls.flatMap((c) => c.open);
  const undetermined = open.filter((o) => o.state === 'undetermined').length;
  const regions = ACCOUNTS.flatMap((a) => REGIONS.map((region) => ({ account: a, region })));
  return {
    format: 'keywitness-report-1',
    sample: true,
    pack: {
      id: 'kw-7f3a-20260703',
      name: 'northwind_soc2-cc6-keys_2026-01-01_2026-06-30_7f3a',
      builtAt: '2026-07-03T10:22:41Z',
      zipFile: 'northwind_soc2-cc6-keys_2026-01-01_2026-06-30_7f3a.zip',
      pdfFile: 'northwind_soc2-cc6-keys_2026-01-01_2026-06-30_7f3a.pdf',
      merkleRoot: sha('root'),
      ledgerHead: sha('head'),
      ledgerEntries: 1_482,
    },
    tool: { name: 'Keywitness', version: '0.1.0', rules: '1' },
    engagement: {
      client: 'Northwind Payments GmbH',
      title: 'Encryption key management: evidence report',
      mode: 'management',
      type: 'period',
      criteria: [
        {
          id: 'SOC 2 CC6.1',
          text: 'The entity implements logical access security software, infrastructure and architectures over protected information assets; processes protect cryptographic keys during generation, storage, use and destruction.',
        },
        {
          id: 'SOC 2 CC6.3',
          text: 'The entity authorizes, modifies or removes access based on roles, least privilege and segregation of duties, with authorization from the asset’s owner.',
        },
      ],
      period: { from: '2026-01-01', to: '2026-06-30' },
      operators: [
        { name: 'Maria Santos', role: 'Security Analyst', organisation: 'Northwind Payments GmbH' },
      ],
      parameters: [
        {
          name: 'Longest time between rotations',
          value: '365 days',
          basis: 'client-provided',
          clause: 'Key Management Policy 4.2, clause 7.1',
        },
        {
          name: 'Approved algorithms',
          value: 'AES-256, RSA-3072, ECC P-256',
          basis: 'client-provided',
          clause: 'Key Management Policy 4.2, clause 3.4',
        },
        { name: 'Log retention', value: '400 days', basis: 'declared', clause: null },
      ],
    },
    collection: {
      startedAt: '2026-07-02T09:11:30Z',
      endedAt: '2026-07-02T09:19:02Z',
      by: 'Maria Santos (Security Analyst)',
      snapshots: 1,
    },
    verdict: {
      keys: size,
      exceptions,
      undetermined,
      evidenceRequired: open.length - undetermined,
      gaps: 2,
      coveragePercent: 97.46,
      summary: [
        `${size} keys existed at some time in the period. ${exceptions} results are exceptions; ${undetermined} could not be determined because of errors of the provider, which are named.`,
        'Logs cover 97.4 % of the source-days of the period. Two gaps in collection are explained in “Completeness”.',
      ],
    },
    exhibits: [
      {
        letter: 'a',
        title: 'Dated picture of each key’s configuration',
        provided: `${size} configuration cards, collected 2 July 2026`,
        files: ['data/1-key-configuration/cards/', 'data/1-key-configuration/keys.xlsx'],
        section: 'keys',
      },
      {
        letter: 'b',
        title: 'Access policies and role permissions',
        provided: `${size} key policies and 2 account authorisation details, with time`,
        files: ['data/2-access/policies-aws.jsonl', 'data/2-access/access-matrix.xlsx'],
        section: 'controls',
      },
      {
        letter: 'c',
        title: 'Key usage log extract over the period',
        provided: '1,284,402 events of 2 trails',
        files: ['data/3-usage-logs/extract.json', 'data/3-usage-logs/events.csv'],
        section: 'completeness',
      },
      {
        letter: 'd',
        title: 'Annual key access review, signed and dated',
        provided: null,
        reason: 'no review was given for this period',
        files: [],
        section: 'review',
      },
    ],
    sources: ACCOUNTS.map((a, i) => ({
      id: `aws-${a.id}`,
      provider: 'AWS KMS, IAM, CloudTrail',
      scope: a.id,
      name: a.name,
      regions: REGIONS,
      caller: `arn:aws:sts::${a.id}:assumed-role/keywitness-reader/maria.santos`,
      authentication: 'assumed role, SSO session',
      keys: size / 2,
      notCollected:
        i === 0
          ? [
              {
                what: 'ap-southeast-4',
                reason: 'The region is not enabled for the account (ListRegions: DISABLED).',
              },
            ]
          : [],
    })),
    method: {
      statements: [
        'Every call was read-only; the list below names each operation. No key material was requested, and no operation that returns any is allowed by the tool.',
        'Requests were paced at about half of the published quota of each operation, so that the client’s own traffic comes first.',
        'Each request and its response were recorded as received, hashed, and chained before they were read.',
        'These calls appear in the client’s own CloudTrail with user agent keywitness/0.1.0 and can be matched there.',
      ],
      operations: [
        ['KMS', 'ListKeys', 12, 0],
        ['KMS', 'DescribeKey', size, 0],
        ['KMS', 'GetKeyRotationStatus', size, 5],
        ['KMS', 'ListKeyRotations', size, 0],
        ['KMS', 'GetKeyPolicy', size, 2],
        ['KMS', 'ListGrants', size + 4, 0],
        ['IAM', 'GetAccountAuthorizationDetails', 14, 0],
        ['CloudTrail', 'GetTrailStatus', 6, 0],
        ['S3', 'GetObject', 2_160, 0],
      ].map(([service, operation, calls, denied]) => ({
        service: String(service),
        operation: String(operation),
        calls: Number(calls),
        succeeded: Number(calls) - Number(denied),
        denied: Number(denied),
        failed: 0,
        retried: Number(calls) > 1000 ? 3 : 0,
        quota: '50 of 100 a second',
      })),
      clocks: [
        { host: 'kms.eu-central-1.amazonaws.com', offsetMs: -212, samples: 611 },
        { host: 'iam.amazonaws.com', offsetMs: 34, samples: 14 },
      ],
      tls: [
        {
          host: 'kms.eu-central-1.amazonaws.com',
          issuer: 'Amazon RSA 2048 M01',
          sha256: sha('tls'),
          notAfter: '2027-01-14T23:59:59Z',
        },
      ],
      notices: [
        'All endpoints were those of the sandbox on this machine. Nothing in this report is evidence.',
      ],
    },
    completeness: {
      counts: regions.map((r) => ({
        source: `${r.account.name} ${r.region}`,
        what: 'keys',
        listed: 10,
        parts: [
          { label: 'described', count: 9 },
          { label: 'denied', count: 1 },
        ],
        listedAgain: 10,
      })),
      gaps: [
        {
          id: 'G-01',
          gaps: 1,
          source: 'northwind-production us-east-1',
          what: 'rotation status of 5 keys',
          reason: 'AccessDeniedException: User is not authorized to perform: kms:GetKeyRotationStatus',
          citations: [412, 413, 414, 498],
        },
        {
          id: 'G-02',
          gaps: 1,
          source: 'northwind-data eu-west-1',
          what: 'CloudTrail log files of 3 days',
          reason: 'No log file and no digest file was delivered; the trail was stopped.',
          since: '2026-03-09T11:20:00Z',
          citations: [1201],
        },
      ],
      closedGaps: [
        {
          gaps: 3,
          snapshot: 's1',
          source: 'northwind-production eu-west-1',
          what: 'cloudtrail.LookupEvents',
          reason: 'before-retention-edge',
          closed: 's2: the client’s log files cover that time',
          citations: [2044, 2045],
        },
      ],
      coverage: regions.map((r, i) => ({
        source: r.account.name,
        region: r.region,
        percent: i === 4 ? 95.1 : i === 2 ? 83.4 : 100,
        intervals:
          i === 4
            ? [
                { from: '2026-01-01', to: '2026-03-09T11:20:00Z', state: 'covered' as const },
                {
                  from: '2026-03-09T11:20:00Z',
                  to: '2026-03-18',
                  state: 'gap' as const,
                  reason: 'The trail was stopped (StopLogging, event 8f1c…).',
                },
                { from: '2026-03-18', to: '2026-07-01', state: 'covered' as const },
              ]
            : i === 2
              ? [
                  {
                    from: '2026-01-01',
                    to: '2026-01-31',
                    state: 'gap' as const,
                    reason: 'The trail did not exist; LookupEvents reaches back 90 days only.',
                  },
                  { from: '2026-01-31', to: '2026-06-30T23:45:00Z', state: 'covered' as const },
                  {
                    from: '2026-06-30T23:45:00Z',
                    to: '2026-07-01',
                    state: 'provisional' as const,
                    reason: 'Delivery of the last 15 minutes is not yet certain.',
                  },
                ]
              : [{ from: '2026-01-01', to: '2026-07-01', state: 'covered' as const }],
      })),
      unlisted: [
        {
          key: `arn:aws:kms:eu-west-1:444455556666:key/${uuid('gone')}`,
          source: 'northwind-data',
          events: 12,
          explanation:
            'Deleted within the period: ScheduleKeyDeletion 12 January, DeleteKey 11 February 2026.',
        },
      ],
    },
    findings: [
      {
        id: 'rotation',
        title: 'Rotation not enabled',
        answer: `Rotation was read for ${size} keys; the numbers below say on how many it is disabled, not possible, or not known.`,
        controls: ['KW-ROT-1'],
      },
      {
        id: 'access',
        title: 'Overly permissive access',
        answer: 'Key policies, grants and IAM policies were read for every key.',
        controls: ['KW-ACC-2'],
      },
      {
        id: 'logging',
        title: 'Missing usage logs',
        answer: 'The logs cover 97.4 % of the period; the rest is named.',
        controls: [],
      },
      {
        id: 'ownership',
        title: 'No documented owner',
        answer: 'Owners come from the approved inventory and from tags.',
        controls: ['KW-OWN-1'],
      },
    ],
    controls,
    inventory: { rows: inventory, total: size, file: 'data/1-key-configuration/keys.csv' },
    keyPages: {
      keys,
      total: size,
      order: 'Keys with exceptions come first, then those without an answer.',
      file: 'data/1-key-configuration/cards/',
    },
    changes: {
      total: 24,
      file: 'data/3-usage-logs/changes.csv',
      events: Array.from({ length: 24 }, (_, i) => ({
        at: new Date(Date.UTC(2026, 0, 4 + i * 7, 8 + (i % 9), i)).toISOString(),
        kind: ['Key policy', 'Rotation', 'Key state', 'Grant', 'Trail'][i % 5] ?? '',
        subject: keys[i % Math.max(1, size)]?.alias.value ?? 'trail org-audit',
        ...(keys[i % Math.max(1, size)] ? { keyPage: keys[i % size]?.id ?? '' } : {}),
        by: 'role/key-administrators (d.levi)',
        detail:
          [
            'PutKeyPolicy: statement 3 extended by one role',
            'DisableKeyRotation',
            'ScheduleKeyDeletion, 30 days',
            'CreateGrant to a service',
            'StopLogging',
          ][i % 5] ?? '',
        weakens: i % 5 === 1 || i % 5 === 4,
        citations: [1300 + i],
      })),
    },
    procedure: {
      title: 'Key Management Policy',
      version: '4.2',
      approvedBy: 'CISO',
      approvedAt: '2025-11-20',
      nextReview: '2025-11-20',
      location: 'https://example.com/wiki/keys',
      sha256: sha('procedure'),
      file: 'data/5-procedure/key-management-policy.pdf',
      clauses: [
        {
          clause: '7.1',
          text: 'Keys are rotated at least once in twelve months.',
          parameter: 'Longest time between rotations',
        },
        {
          clause: '3.4',
          text: 'AES-256, RSA of 3,072 bits or more and P-256 are approved.',
          parameter: 'Approved algorithms',
        },
      ],
    },
    review: null,
    provenance: ACCOUNTS.map((a) => ({
      title: `Keys of ${a.name}`,
      source: `AWS KMS, account ${a.id}, ${REGIONS.join(', ')}`,
      operations: 'kms:ListKeys, kms:DescribeKey',
      parameters: 'Limit=1000; no filter',
      startedAt: '2026-07-02T09:11:30Z',
      endedAt: '2026-07-02T09:13:58Z',
      clockOffsetMs: -212,
      caller: `arn:aws:sts::${a.id}:assumed-role/keywitness-reader/maria.santos`,
      pages: 6,
      items: size / 2,
      expected: { count: size / 2, how: 'ListKeys repeated at the end' },
      firstRecord: null,
      lastRecord: null,
      errors: '5 denied, none throttled',
      retention: 'not a log',
      sha256: sha(a.id),
      operator: 'Maria Santos',
      redactions: 'none',
      citations: [101, 102, 103, 104, 105, 106],
    })),
    limitations: ['CloudTrail of us-east-1 begins on 31 January 2026; what happened before is not known.'],
    redactions: [],
    signing: {
      signer: 'Maria Santos, Northwind Payments GmbH',
      subject: 'CN=Maria Santos, O=Northwind Payments GmbH, C=DE',
      fingerprint: sha('certificate'),
      anchoring: 'issued by Northwind Internal CA 2',
      algorithm: 'RSA 3072 with SHA-256 (PAdES)',
    },
    attachments: [
      {
        fileName: 'pack-summary.json',
        mediaType: 'application/json',
        description: 'Summary of data/pack.json',
        text: JSON.stringify({ keys: size }),
      },
    ],
  };
}
