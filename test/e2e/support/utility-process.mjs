// Run by Electron, not by a test runner: starts an engine as a utility process through the app's own supervisor, lets it
// crash, calls it again and closes it. Prints what happened as one line of JSON.
import { app } from 'electron';
import { fileURLToPath } from 'node:url';

const built = new URL('../../../dist/app/electron/', import.meta.url);
const { EngineSupervisor } = await import(new URL('host/engine-supervisor.js', built).href);
const { utilityEngineOf } = await import(new URL('shell/utility-engine.js', built).href);
const entry = fileURLToPath(new URL('./engine-without-natives.mjs', import.meta.url));

async function tryIt() {
  const states = [];
  const back = Promise.withResolvers();
  const engine = new EngineSupervisor({
    home: 'home',
    start: utilityEngineOf(entry),
    onEvent: (event) => {
      states.push(event.state ?? event.event);
      if (event.state === 'back') back.resolve();
    },
  });
  const first = await engine.call('app.settings', { n: 1 });
  const pid = engine.pid;
  const ended = await engine.call('crash', {}).catch((error) => error.kind);
  await back.promise;
  const second = await engine.call('app.settings', { n: 2 });
  const restarted = engine.pid !== pid;
  await engine.close();
  return { first, ended, second, restarted, states };
}

app.whenReady().then(async () => {
  try {
    console.log(JSON.stringify(await tryIt()));
    app.exit(0);
  } catch (error) {
    console.error(error);
    app.exit(1);
  }
});
