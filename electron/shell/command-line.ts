import type { App } from 'electron';

/** Runs the command line without any window, and ends with its exit code. */
export async function runCommandLine(app: App, args: readonly string[]): Promise<void> {
  app.dock?.hide();
  try {
    // Loaded here: the window needs none of it.
    const { main } = await import('../cli.ts');
    app.exit(await main(args));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(1);
  }
}
