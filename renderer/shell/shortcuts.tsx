import { useEffect } from 'react';
import { go } from '../client/route.ts';
import { useStore } from '../client/store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { layer, runCommand } from './commands.ts';
import { useScreens } from './screens.ts';

const mac = navigator.platform.startsWith('Mac');
export const MODIFIER = mac ? '⌘' : 'Ctrl';

const GENERAL: readonly [keys: string, what: string][] = [
  [`${MODIFIER} K`, 'Command palette'],
  ['?', 'This sheet'],
  ['Esc', 'Close what is on top'],
];
const TABLE: readonly [keys: string, what: string][] = [
  ['↑ ↓', 'Row by row'],
  ['Page Up, Page Down', 'Page by page'],
  ['Home, End', 'First and last row'],
  ['Enter', 'Open the row'],
  ['c', 'Copy the id of the row'],
];
const CHANGES: readonly [keys: string, what: string][] = [
  ['n', 'Next change'],
  ['p', 'Change before'],
];
const CHART: readonly [keys: string, what: string][] = [
  ['+ −', 'Zoom'],
  ['← →', 'Move along'],
  ['0', 'Show the whole period'],
];

/** The keys that do something, on one sheet. Mounted once. */
export function ShortcutSheet() {
  const open = useStore(layer) === 'shortcuts';
  const screens = useScreens();
  return (
    <Dialog
      open={open}
      onOpen={(next) => layer.set(next ? 'shortcuts' : null)}
      title="Keyboard shortcuts"
      place="wide"
    >
      <div className="columns">
        <Section title="Everywhere" rows={GENERAL} />
        <Section
          title="Go to a screen: g, then"
          rows={screens.filter((s) => s.letter !== null).map((s) => [`g ${s.letter!}`, s.label])}
        />
        <Section title="In a table" rows={TABLE} />
        <Section title="In a chart" rows={CHART} />
        <Section title="Between changes, in Compare" rows={CHANGES} />
      </div>
    </Dialog>
  );
}

function Section({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="keys">
        {rows.map(([keys, what]) => (
          <div key={what}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Listens for the keys that work everywhere. */
export function useShortcuts(): void {
  const screens = useScreens();
  useEffect(() => {
    let afterG = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        runCommand('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || layer.get() !== null)
        return;
      if (event.key === '?') {
        event.preventDefault();
        runCommand('shortcuts');
      } else if (event.timeStamp - afterG < 1200) {
        afterG = 0;
        const screen = screens.find((candidate) => candidate.letter === event.key);
        if (screen) {
          event.preventDefault();
          go(screen.id);
        }
      } else if (event.key === 'g') {
        afterG = event.timeStamp;
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [screens]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
