import { once } from 'node:events';
import { homeFolder } from '../host/home.ts';
import { isBuilt } from '../host/content.ts';
import { openOutside } from '../host/open-outside.ts';
import type { Verb } from './context.ts';

/** `serve`: the window in the machine's own browser, on loopback. */
export const serveVerb: Verb = (program, { output, signal }) => {
  program
    .command('serve')
    .description('show the window in the browser of this machine, on 127.0.0.1 only')
    .option('--port <n>', 'port; any free one without it', Number, 0)
    .option('--no-open', 'print the address only')
    .action(async (options: { port: number; open: boolean }) => {
      if (!isBuilt()) throw new Error('cannot show the window: it is not built. Run: npm run build');
      // Loaded here: no other verb needs it.
      const { serve } = await import('../serve.ts');
      const served = await serve({ home: homeFolder(), port: options.port });
      output.line(`Keywitness is at ${served.url}`);
      output.line('The address works once, on this machine only. Ctrl-C ends it; nothing recorded is lost.');
      output.object({ url: served.url });
      if (options.open && !(await openOutside(served.startFile))) {
        output.note('No browser was found to open it with: open the address yourself.');
      }
      if (!signal.aborted) await once(signal, 'abort');
      await served.close();
    });
};
