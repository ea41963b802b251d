import type { PrincipalKind } from '../types.ts';
import { parseArn } from './arn.ts';
import type { AwsTag, IamRole, IamUser } from './model.ts';
import type { Policy } from './statement.ts';

export interface Classification {
  kind: PrincipalKind;
  kindReason: string;
}

const because = (kind: PrincipalKind, kindReason: string): Classification => ({ kind, kindReason });

/** Whole words in names and paths that people use for machine accounts. */
const SERVICE_WORDS =
  /(^|[^a-z])(svc|service|services|bot|robot|ci|cd|cicd|ci-cd|deploy|deployer|deployment|automation|pipeline|terraform|jenkins|github|gitlab|backup|app|application|system|machine|daemon|cron|batch|worker|smtp|ses-smtp-user|api|integration)([^a-z]|$)/i;

/** `DeployBot` reads as `Deploy-Bot`. */
const words = (text: string): string => text.replace(/([a-z0-9])([A-Z])/g, '$1-$2');

const KIND_TAGS = /^(principal|identity|account|user)?[-_: ]?(type|kind)$/i;
const HUMAN_VALUES = /^(human|person|people|employee|staff|interactive)$/i;
const SERVICE_VALUES = /^(service|svc|machine|application|app|automation|system|workload|bot|non-?human)$/i;

/** A tag by which the client itself says what the principal is. */
function byTag(tags: readonly AwsTag[] | undefined): Classification | undefined {
  for (const tag of tags ?? []) {
    const key = tag.Key ?? tag.TagKey ?? '';
    const value = tag.Value ?? tag.TagValue ?? '';
    if (!KIND_TAGS.test(key)) continue;
    if (HUMAN_VALUES.test(value)) return because('human', `tag ${key}=${value}`);
    if (SERVICE_VALUES.test(value)) return because('service', `tag ${key}=${value}`);
  }
  return undefined;
}

/**
 * An IAM user is a person unless something says otherwise: IAM users exist to sign in. A console password settles it;
 * a machine-like name without knowledge about a password stays unknown.
 */
export function classifyUser(user: IamUser, consolePassword: boolean | undefined): Classification {
  const tagged = byTag(user.Tags);
  if (tagged) return tagged;
  if (consolePassword === true) return because('human', 'IAM user with a console password');
  const hint = [user.UserName, user.Path].find(
    (text) => text !== undefined && SERVICE_WORDS.test(words(text)),
  );
  if (hint !== undefined && consolePassword === false) {
    return because('service', `IAM user without console password, "${hint}" names a service`);
  }
  if (hint !== undefined) {
    return because(
      'unknown',
      `IAM user, "${hint}" names a service, whether it has a console password is unknown`,
    );
  }
  return because(
    'human',
    consolePassword === false
      ? 'IAM user without console password; neither name, path nor tags say that it is a service'
      : 'IAM user; neither name, path nor tags say that it is a service',
  );
}

/** Services that run the client's own code under the role; all others act by themselves. */
const COMPUTE =
  /^(ec2|lambda|edgelambda|ecs-tasks|codebuild|glue|sagemaker|states|batch|pods\.eks|build\.apprunner|tasks\.apprunner|elasticmapreduce|greengrass|credentials\.iot|rolesanywhere|amplify|bedrock|bedrock-agentcore)\.amazonaws\.com(\.cn)?$/;

/** OpenID Connect issuers that vouch for pipelines and workloads, not for people. */
const WORKLOAD_ISSUERS =
  /(token\.actions\.githubusercontent\.com|gitlab|oidc\.eks\.|app\.terraform\.io|oidc\.circleci\.com|bitbucket\.org|buildkite|vstoken\.dev\.azure\.com|kubernetes|spacelift|container\.googleapis\.com)/i;

/** The provider's name without its account: `saml-provider/Okta` gives `Okta`. */
export function providerName(federated: string): string {
  const resource = parseArn(federated)?.resource ?? federated;
  return resource.replace(/^(saml|oidc)-provider\//, '');
}

export const isSaml = (federated: string): boolean => /:saml-provider\//.test(federated);

/** What a role is, from its path and from whom its trust policy names. */
export function classifyRole(
  role: IamRole,
  trust: Policy | undefined,
  accountId: string,
  isHumanUser: (arn: string) => boolean,
): Classification {
  const path = role.Path ?? '/';
  if (path.startsWith('/aws-service-role/')) {
    return because('cloud-service', `service-linked role of ${path.split('/')[2] ?? 'an AWS service'}`);
  }
  if (path.startsWith('/aws-reserved/sso.amazonaws.com/') || /^AWSReservedSSO_/.test(role.RoleName ?? '')) {
    const set = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role.RoleName ?? '')?.[1] ?? role.RoleName ?? '';
    return because('human', `IAM Identity Center permission set "${set}": people sign in through federation`);
  }
  const tagged = byTag(role.Tags);
  if (tagged) return tagged;
  if (trust === undefined) return because('unknown', 'trust policy not readable');
  return byTrust(trust, accountId, isHumanUser);
}

function byTrust(trust: Policy, ownAccount: string, isHumanUser: (arn: string) => boolean): Classification {
  const services = new Set<string>();
  const federated = new Set<string>();
  const accounts = new Set<string>();
  const arns = new Set<string>();
  let everyone = false;
  for (const { allow, principals } of trust.statements) {
    if (!allow || principals === null) continue;
    if (principals.everyone || principals.not) everyone = true;
    principals.services.forEach((name) => services.add(name));
    principals.federated.forEach((name) => federated.add(name));
    principals.accounts.forEach((id) => accounts.add(id));
    principals.arns.forEach((arn) => arns.add(arn));
  }
  const saml = [...federated].find(isSaml);
  if (saml !== undefined)
    return because('human', `people sign in through SAML provider "${providerName(saml)}"`);
  if (everyone) return because('unknown', 'its trust policy names everyone');
  const human = [...arns].find(isHumanUser);
  if (human !== undefined) return because('human', `its trust policy names ${human}`);
  const outside = [...accounts, ...[...arns].map((arn) => parseArn(arn)?.accountId ?? '')];
  const external = outside.filter((id) => id !== ownAccount);
  if (outside.length > 0 && external.length === outside.length && services.size + federated.size === 0) {
    return because('external-account', `assumable only by account ${[...new Set(external)].join(', ')}`);
  }
  if (outside.length > 0) {
    return because('unknown', 'its trust policy leaves it to IAM policies who assumes it');
  }
  const issuer = [...federated][0];
  if (issuer !== undefined && services.size === 0) {
    return WORKLOAD_ISSUERS.test(issuer)
      ? because('service', `workloads federated by ${providerName(issuer)}`)
      : because('federated', `identities federated by ${providerName(issuer)}`);
  }
  if (services.size === 0) return because('unknown', 'its trust policy names nobody that exists');
  const names = [...services].sort().join(', ');
  if (federated.size > 0) return because('service', `trusted by ${names} and ${providerName(issuer!)}`);
  return [...services].some((name) => COMPUTE.test(name))
    ? because('service', `trusted only by AWS services that run its code: ${names}`)
    : because('cloud-service', `trusted only by AWS services: ${names}`);
}
