// Stands in for the engine's process where Electron's Node cannot load the database: the same port and messages, no work.
const port = process.parentPort;
let home = null;
port.on('message', ({ data }) => {
  if (data.do === 'start') home = data.home;
  else if (data.do === 'close') port.postMessage({ is: 'closed' });
  else if (data.do === 'message' && data.message.name === 'crash') process.exit(3);
  else if (data.do === 'message') {
    const { id, input } = data.message;
    const output = { home, input, type: process.type };
    port.postMessage({ is: 'message', message: { type: 'answer', id, output } });
  }
});
