// Entry of the command line. Plain JavaScript on purpose: it must run on any Node, to say in one sentence what is
// wrong with an unsuitable one, where TypeScript or a native module would only crash.

/** First Node that strips TypeScript types by itself and has Node-API 10, which better-sqlite3 needs. */
const NEEDED = [22, 18];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `Keywitness needs Node ${NEEDED.join('.')} or newer and this is Node ${process.versions.node}. ` +
      'Run it through npm (npm run demo, npm run keywitness), which uses the Node that npm ci installs.',
  );
  process.exitCode = 2;
} else {
  const { main } = await import(new URL('./cli.ts', import.meta.url).href);
  process.exitCode = await main(process.argv.slice(2));
}
