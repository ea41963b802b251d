import { glob, hasWildcard } from './text-match.ts';
import type { Decision } from './condition-decide.ts';
import type { Statement } from './statement.ts';

/** Whether a statement's Resource or NotResource covers this ARN. `resolve` is asked only where it has variables. */
export function coversResource(
  statement: Statement,
  arn: string,
  resolve: (text: string) => string | null,
): Decision {
  let answer: Decision = 'no';
  for (const pattern of statement.resources) {
    const found = matchPattern(pattern, statement.resourceVariables, arn, resolve);
    if (found === 'yes') {
      answer = 'yes';
      break;
    }
    if (found === 'unknown') answer = 'unknown';
  }
  if (!statement.notResources || answer === 'unknown') return answer;
  return answer === 'yes' ? 'no' : 'yes';
}

function matchPattern(
  pattern: string,
  variables: boolean,
  arn: string,
  resolve: (text: string) => string | null,
): Decision {
  if (!variables || !pattern.includes('${')) return glob(pattern)(arn) ? 'yes' : 'no';
  const resolved = resolve(pattern);
  if (resolved !== null) return glob(resolved)(arn) ? 'yes' : 'no';
  // With something unknown in it the pattern covers at most what it covers with "anything" there.
  return glob(pattern.replace(/\$\{[^}]*\}/g, '*'))(arn) ? 'unknown' : 'no';
}

/** How a statement relates to all keys of one scope (`arn:…:kms:REGION:ACCOUNT:key/`). */
export type ScopeCover = 'all' | 'none' | 'some';

/** Decides once per account and region what would otherwise be decided once per key. */
export function coversScope(statement: Statement, scope: string): ScopeCover {
  const covers = statement.resources.map((pattern) =>
    patternCover(pattern, statement.resourceVariables, scope),
  );
  if (statement.notResources) {
    if (covers.every((cover) => cover === 'none')) return 'all';
    return covers.includes('all') ? 'none' : 'some';
  }
  if (covers.includes('all')) return 'all';
  return covers.every((cover) => cover === 'none') ? 'none' : 'some';
}

function patternCover(pattern: string, variables: boolean, scope: string): ScopeCover {
  if (/^\*+$/.test(pattern)) return 'all';
  if (variables && pattern.includes('${')) return 'some';
  if (!hasWildcard(pattern)) return pattern.startsWith(scope) ? 'some' : 'none';
  // A pattern that ends in * and already covers the bare scope covers every key in it.
  if (pattern.endsWith('*') && glob(pattern)(scope)) return 'all';
  return literalMismatch(pattern, scope) ? 'none' : 'some';
}

/**
 * True when no key of the scope can match. A key's ARN has exactly five colons, so in a pattern with five colons no
 * wildcard can reach over one and the parts can be compared one by one.
 */
function literalMismatch(pattern: string, scope: string): boolean {
  const literal = pattern.slice(0, pattern.search(/[*?]/));
  if (!scope.startsWith(literal) && !literal.startsWith(scope)) return true;
  const parts = pattern.split(':');
  if (parts.length !== 6) return false;
  const wanted = scope.split(':');
  if (parts.slice(0, 5).some((part, i) => !glob(part)(wanted[i]!))) return true;
  const resource = parts[5]!;
  const start = hasWildcard(resource) ? resource.slice(0, resource.search(/[*?]/)) : resource;
  return !start.startsWith('key/') && !'key/'.startsWith(start);
}

/** The keys of a scope that a `some` statement names literally; undefined when it takes a look at each key. */
export function literalKeys(statement: Statement): readonly string[] | undefined {
  if (statement.notResources || statement.resourceVariables) return undefined;
  return statement.resources.some(hasWildcard) ? undefined : statement.resources;
}
