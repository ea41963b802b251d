import { EVENT_RULES } from '../../db/derived/events.ts';
import type { WritableDb } from '../../db/handle.ts';
import { awsCoverage } from './coverage/aws-coverage.ts';
import { azureCoverage } from './coverage/azure-coverage.ts';
import { joinClaims } from './coverage/spans.ts';
import type { CoverageInput, StateCoverage } from './coverage/statement.ts';
import { vaultCoverage } from './coverage/vault-coverage.ts';

/** Every provider's way to state coverage. Adding one is its file and one line here. */
const STATEMENTS: readonly StateCoverage[] = [awsCoverage, azureCoverage, vaultCoverage];

/**
 * Writes the coverage statement of one snapshot: for each place of each source, what the logs cover of the period, by
 * what means, and why the rest is missing.
 */
export function deriveCoverage(db: WritableDb, about: CoverageInput): void {
  const { snapshot, period } = about;
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  db.prepare('DELETE FROM coverage WHERE snapshot = ?').run(snapshot);
  const insert = db.prepare(
    `INSERT INTO coverage (snapshot, source, account, region, n, start, end, state, means, reason, detail, cites, rules)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${EVENT_RULES})`,
  );
  for (const stated of STATEMENTS) {
    const { places, claimsOf, otherwise } = stated(db, about, from, to);
    for (const place of places) {
      const { source, account, region } = place;
      const spans = joinClaims(claimsOf(place), from, to, otherwise);
      spans.forEach(({ start, end, state, means, reason, detail, cites }, n) => {
        insert.run(
          ...[snapshot, source, account, region, n, start, end, state, means, reason, detail],
          JSON.stringify(cites),
        );
      });
    }
  }
}
