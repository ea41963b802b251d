import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Folders that make up the engine: plain Node, no Electron, no user interface. */
const engine = ['electron/**/*.ts', 'db/**/*.ts'];
const shell = ['electron/main.ts', 'electron/preload.ts', 'electron/shell/**/*.ts'];

/** Forbids imports that run against the direction of dependencies (see "Shape" in README.md). */
function noImports(files, patterns, message, ignores = []) {
  return {
    files,
    ignores,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
  };
}

export default tseslint.config(
  { ignores: ['node_modules', 'out', 'dist', 'test/corpus'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((c) => ({ ...c, files: ['**/*.ts', '**/*.tsx'] })),
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Only the command line and the benches may print.
    files: ['electron/cli.ts', 'electron/cli/**/*.ts', 'test/bench/**/*.ts', 'test/interop/**/*'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    // Runs in the reader's browser, inside a pack.
    files: ['electron/pack/viewer/viewer-script.js'],
    languageOptions: { sourceType: 'script', globals: { document: 'readonly', crypto: 'readonly' } },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    // The window is a web page: it knows the engine through the contract and the shape of an engagement alone.
    files: ['renderer/**/*.ts', 'renderer/**/*.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^electron$|^node:|^better-sqlite3|/db/|/electron/(?!api/|engagement/)',
              message: 'the window knows the engine through the contract alone',
            },
          ],
        },
      ],
    },
  },
  {
    // Playwright reads the names of fixtures from the pattern, also when there are none.
    files: ['test/e2e/**/*.ts'],
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  noImports(
    engine,
    ['electron', 'electron/*'],
    'the engine is plain Node: only the shell may import electron',
    shell,
  ),
);
