import type { Company } from '../company/types.ts';

/** One account in one region: what a LookupEvents call sees, and what one folder of log files holds. */
export interface Scope {
  /** Position in `scopesOf`. */
  index: number;
  accountId: string;
  region: string;
  /** Relative number of events. */
  weight: number;
}

/** Every account in every enabled region, production first. Nearly everything happens in production's first region. */
export function scopesOf(company: Company): Scope[] {
  const scopes: Scope[] = [];
  for (const account of company.accounts) {
    for (const region of company.enabledRegions) {
      const busy = region === 'us-east-1' ? 12 : 4;
      scopes.push({
        index: scopes.length,
        accountId: account.id,
        region,
        weight: account.role === 'production' ? busy : busy / 6,
      });
    }
  }
  return scopes;
}

/** A moment's share of the traffic: working days and working hours (UTC) are busier. */
export function bustle(at: number): number {
  const date = new Date(at);
  const day = date.getUTCDay();
  const hour = date.getUTCHours();
  return (day === 0 || day === 6 ? 0.4 : 1) * (hour >= 6 && hour < 19 ? 1.5 : 0.55);
}
