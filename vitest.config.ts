import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,engine}/**/*.test.ts'],
    // Engine tests open real sockets and real files; two cores are shared with the sandbox servers they start.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
