import { createRoot } from 'react-dom/client';
import './style/fonts.css';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/layout.css';
import './charts/charts.css';
import './records/records.css';
import { connect } from './host/connect.ts';
import { App } from './shell/app.tsx';
import { NoEngine } from './shell/no-engine.tsx';
import { startSession } from './shell/start-session.ts';

const root = createRoot(document.getElementById('root')!);
try {
  window.keywitness = await connect();
  await startSession();
  root.render(<App />);
} catch (error) {
  root.render(<NoEngine error={error} />);
}
