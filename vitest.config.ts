import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Nothing a test does is remembered in the settings of whoever runs it.
    env: { KEYWITNESS_HOME: mkdtempSync(join(tmpdir(), 'keywitness-test-home-')) },
    include: ['test/{unit,engine}/**/*.test.ts'],
    // Engine tests open real sockets and real files; two cores are shared with the sandbox servers they start.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
