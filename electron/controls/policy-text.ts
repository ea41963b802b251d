/** "client policy, clause 4.2" or "default": where the number a test measures against is from. */
export function policyText(parameter: { clause: string | null }): string {
  return parameter.clause === null
    ? 'default, no client policy recorded'
    : `client policy, clause ${parameter.clause}`;
}
