import { defineConfig } from '@playwright/test';
import type { HostOptions } from './support/host.ts';

/** The same journeys in both hosts. Run with `npm run test:e2e`, which brings a display and finds the programs. */
export default defineConfig<HostOptions>({
  testDir: '.',
  outputDir: '../../out/e2e/results',
  // Two cores are shared by the window, its engine and the sample environment's servers.
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  // A browser that loses a click on a busy machine is asked once more; the list names what passed only then.
  retries: 1,
  reporter: [['list']],
  // A step that waits for ever would take its test's whole time and say nothing.
  use: { trace: 'retain-on-failure', actionTimeout: 30_000 },
  projects: [
    { name: 'browser', use: { host: 'browser' } },
    { name: 'electron', use: { host: 'electron' } },
  ],
});
