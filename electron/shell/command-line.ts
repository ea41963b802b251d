import type { App } from 'electron';

/** Runs the command line without any window, and ends with its exit code. */
export async function runCommandLine(app: App, args: readonly string[]): Promise<void> {
  app.dock?.hide();
  // Loaded here: the window needs none of it.
  const { main } = await import('../cli.ts');
  process.exitCode = await main(args);
  app.exit(Number(process.exitCode));
}
