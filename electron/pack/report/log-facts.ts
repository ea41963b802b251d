import type { ChangesPart, CompletenessPart, CoveragePart, KeyUsage } from '../pdf/report-model.ts';

/** What the logs contribute to the report. */
export interface LogFacts {
  coverage: readonly CoveragePart[];
  /** Share of the period covered over all sources and regions, 0 to 100; null without any log source. */
  coveragePercent: number | null;
  changes: ChangesPart;
  unlisted: CompletenessPart['unlisted'];
  usageOf: (key: string) => KeyUsage;
}
