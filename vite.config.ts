import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window: static files that both hosts serve. Every address is relative to the host's own origin. */
export default defineConfig({
  root: 'renderer',
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    // Chromium of Electron 33 (the test runtime) and later; browsers of the last two years.
    target: ['chrome130', 'firefox128', 'safari18'],
    // The content security policy allows no inline data: everything is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
