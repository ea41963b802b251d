import type { AccessIssue } from '../types.ts';
import { isObject, readHcl } from './hcl.ts';
import type { HclObject, HclValue } from './hcl.ts';
import type { Capability } from './model.ts';
import { templateProblem } from './template.ts';

/** A limit on how a capability may be used, as written. */
export interface RuleLimit {
  operator:
    | 'allowed_parameters'
    | 'denied_parameters'
    | 'required_parameters'
    | 'min_wrapping_ttl'
    | 'max_wrapping_ttl'
    | 'control_group'
    | 'mfa_methods'
    | 'pagination_limit'
    | 'expiration';
  /** The parameter's name in lower case, where it is about one. */
  key: string;
  values: readonly string[];
}

export interface VaultRule {
  /** As written, without a leading slash; may be templated. */
  path: string;
  /** `deny` stands alone: Vault drops what is beside it. */
  capabilities: ReadonlySet<Capability>;
  limits: readonly RuleLimit[];
  /** RFC 6901 pointer `/path/<path>`; the line is 0 in JSON. */
  pointer: string;
  line: number;
}

export interface VaultPolicy {
  name: string;
  rules: readonly VaultRule[];
  issues: readonly AccessIssue[];
  /** False: something in the text could not be read, so what it grants or denies is not known. */
  complete: boolean;
}

const CAPABILITIES = new Set<string>([
  'deny',
  'create',
  'read',
  'update',
  'delete',
  'list',
  'sudo',
  'patch',
  'scan',
  'subscribe',
  'recover',
] satisfies Capability[]);

/** What the deprecated `policy = "…"` stands for. */
const SHORTHAND: Record<string, readonly Capability[]> = {
  deny: ['deny'],
  read: ['read', 'list'],
  write: ['create', 'read', 'update', 'delete', 'list'],
  sudo: ['create', 'read', 'update', 'delete', 'list', 'sudo'],
};

/** Known and without effect on who may do what. */
const IGNORED = new Set(['comment', 'list_scan_response_keys_filter_path', 'subscribe_event_types']);

/** Reads one ACL policy in HCL or JSON. Whatever is wrong is an issue; nothing is thrown. `of` names it in issues. */
export function parseVaultPolicy(name: string, text: string, of: string = name): VaultPolicy {
  const issues: AccessIssue[] = [];
  let complete = true;
  const report = (code: AccessIssue['code'], path: string, message: string, loses: boolean): void => {
    issues.push({ code, rawPointer: { document: 'acl-policy', of, path }, message });
    if (loses) complete = false;
  };
  const read = readHcl(text);
  if (!read.ok) {
    const where = read.line > 0 ? ` (line ${read.line})` : '';
    report('policy-malformed', '', `cannot read policy ${name}: ${read.reason}${where}`, true);
    return { name, rules: [], issues, complete };
  }
  const rules: VaultRule[] = [];
  const block = (path: string, value: HclValue, line: number): void => {
    const pointer = `/path/${escapePointer(path)}`;
    const say = (code: AccessIssue['code'], what: string, loses: boolean): void =>
      report(code, pointer, `policy ${name}, path "${path}": ${what}`, loses);
    if (!isObject(value)) return say('statement-malformed', 'it is not a block', true);
    const rule = readRule(path, value, say);
    if (rule !== undefined) rules.push({ ...rule, pointer, line });
  };
  for (const { name: key, labels, value, line } of read.body.entries) {
    if (key === 'name') continue;
    if (key !== 'path') {
      report('element-unknown', `/${escapePointer(key)}`, `policy ${name}: unknown element "${key}"`, false);
      continue;
    }
    if (labels.length > 1) {
      report('statement-malformed', '/path', `policy ${name}: a path block has more than one label`, true);
    } else if (labels[0] !== undefined) {
      block(labels[0], value, line);
    } else {
      for (const table of Array.isArray(value) ? (value as readonly HclValue[]) : [value]) {
        if (!isObject(table)) {
          report('statement-malformed', '/path', `policy ${name}: a path block has no path`, true);
          continue;
        }
        for (const entry of table.entries) block(entry.labels[0] ?? entry.name, entry.value, entry.line);
      }
    }
  }
  return { name, rules, issues, complete };
}

type Say = (code: AccessIssue['code'], what: string, loses: boolean) => void;

function readRule(
  written: string,
  body: HclObject,
  say: Say,
): Pick<VaultRule, 'path' | 'capabilities' | 'limits'> | undefined {
  const path = written.replace(/^\//, '');
  const problem =
    templateProblem(path) ?? (path.includes('+*') ? 'the wildcards "+*" are forbidden' : undefined);
  if (problem !== undefined) {
    say('statement-malformed', problem, true);
    return undefined;
  }
  const capabilities = new Set<Capability>();
  const limits: RuleLimit[] = [];
  for (const { name, value } of body.entries) {
    const texts = (what: string): readonly string[] => {
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
      say('statement-malformed', `${what} is not a list of texts`, true);
      return [];
    };
    switch (name) {
      case 'capabilities':
        for (const capability of texts(name)) {
          if (CAPABILITIES.has(capability)) capabilities.add(capability as Capability);
          else say('element-unknown', `unknown capability "${capability}"`, false);
        }
        break;
      case 'policy': {
        const meant = typeof value === 'string' ? SHORTHAND[value] : undefined;
        if (meant === undefined)
          say('statement-malformed', 'its policy is none of deny, read, write, sudo', true);
        for (const capability of meant ?? []) capabilities.add(capability);
        break;
      }
      case 'allowed_parameters':
      case 'denied_parameters':
        for (const [key, values] of parametersOf(value, name, say))
          limits.push({ operator: name, key, values });
        break;
      case 'required_parameters':
        for (const key of texts(name)) limits.push({ operator: name, key: key.toLowerCase(), values: [] });
        break;
      case 'mfa_methods':
        limits.push({ operator: name, key: '', values: texts(name) });
        break;
      case 'min_wrapping_ttl':
      case 'max_wrapping_ttl':
      case 'pagination_limit':
      case 'expiration':
        if (typeof value === 'string' || typeof value === 'number') {
          limits.push({ operator: name, key: '', values: [String(value)] });
        } else say('statement-malformed', `its ${name} is neither a text nor a number`, true);
        break;
      case 'control_group':
        limits.push({ operator: name, key: '', values: [JSON.stringify(plain(value))] });
        break;
      default:
        if (!IGNORED.has(name)) say('element-unknown', `unknown element "${name}"`, false);
    }
  }
  return { path, capabilities: capabilities.has('deny') ? new Set(['deny']) : capabilities, limits };
}

function parametersOf(value: HclValue, what: string, say: Say): [string, string[]][] {
  const tables = Array.isArray(value) ? (value as readonly HclValue[]) : [value];
  const found: [string, string[]][] = [];
  for (const table of tables) {
    if (!isObject(table)) {
      say('statement-malformed', `its ${what} is not a table of lists`, true);
      continue;
    }
    for (const entry of table.entries) {
      if (!Array.isArray(entry.value)) {
        say('statement-malformed', `${what} of "${entry.name}" is not a list`, true);
        continue;
      }
      const values = (entry.value as readonly HclValue[]).map((item) =>
        typeof item === 'string' ? item : JSON.stringify(plain(item)),
      );
      found.push([entry.name.toLowerCase(), values]);
    }
  }
  return found;
}

function plain(value: HclValue): unknown {
  if (Array.isArray(value)) return (value as readonly HclValue[]).map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    value.entries.map(({ name, labels, value: inner }) => [[name, ...labels].join(' '), plain(inner)]),
  );
}

const escapePointer = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');
