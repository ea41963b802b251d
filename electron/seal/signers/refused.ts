import { SealError } from '../error.ts';

/** A key service that does not do what it was asked, with its own words. Never more than its message: no credentials. */
export function refused(description: string, cause: unknown): SealError {
  const { name, message } = cause instanceof Error ? cause : { name: 'error', message: String(cause) };
  const said = [...message]
    .filter((character) => character >= ' ')
    .join('')
    .slice(0, 300);
  return new SealError(
    'KEY_SERVICE_REFUSED',
    `cannot sign with ${description}: ${name}: ${said}. Check the key's name, your credentials and their rights`,
    { cause },
  );
}
