/**
 * The permission that AWS says is missing, from its message of a refusal; null when it names none. It may be another one
 * than the call's own: reading an object that is encrypted needs the right to decrypt it.
 */
export function permissionRefused(message: string | null): string | null {
  return /not authorized to perform: ([a-z0-9-]+:[A-Za-z0-9]+)/.exec(message ?? '')?.[1] ?? null;
}
