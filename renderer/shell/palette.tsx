import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useDeferredValue, useId, useMemo, useState, type KeyboardEvent } from 'react';
import { useQuery } from '../client/query.ts';
import { go } from '../client/route.ts';
import { useEngagement, useSnapshot } from '../client/session.ts';
import { useStore } from '../client/store.ts';
import { layer, runCommand } from './commands.ts';
import { matches } from './match.ts';
import { useScreens } from './screens.ts';

interface Item {
  id: string;
  label: string;
  detail: string;
  run: () => void;
}

const ACTIONS: readonly { label: string; command: string; needsEngagement?: boolean }[] = [
  { label: 'New engagement', command: 'new' },
  { label: 'Open an engagement', command: 'open' },
  { label: 'Close the engagement', command: 'close', needsEngagement: true },
  { label: 'Keyboard shortcuts', command: 'shortcuts' },
  { label: 'Theme: light', command: 'theme:light' },
  { label: 'Theme: dark', command: 'theme:dark' },
  { label: 'Theme: as the system', command: 'theme:system' },
  { label: 'Theme: high contrast', command: 'theme:contrast' },
];

/** Everything by typing its name: screens, actions, keys. Mounted once. */
export function Palette() {
  const open = useStore(layer) === 'palette';
  return (
    <Dialog.Root open={open} onOpenChange={(next) => layer.set(next ? 'palette' : null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="dialog dialog-middle palette" aria-label="Command palette">
          <PaletteBody />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteBody() {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const search = useDeferredValue(text.trim());
  const screens = useScreens();
  const engagement = useEngagement();
  const snapshot = useSnapshot();
  const found = useQuery(
    'keys.query',
    search.length >= 3 && snapshot ? { snapshot: snapshot.id, filter: { search }, limit: 8 } : null,
  );
  const items = useMemo(() => {
    const all: Item[] = [
      ...screens.map((screen) => ({
        id: `screen ${screen.id}`,
        label: screen.label,
        detail: 'Screen',
        run: () => go(screen.id),
      })),
      ...ACTIONS.filter((action) => !action.needsEngagement || engagement !== null).map((action) => ({
        id: action.command,
        label: action.label,
        detail: 'Action',
        run: () => runCommand(action.command),
      })),
    ].filter((item) => matches(item.label, text));
    const keys = (found.data?.rows ?? []).map((key) => ({
      id: `key ${key.id}`,
      label: key.aliases[0] ?? key.nativeId,
      detail: `Key in ${key.account} ${key.region}`,
      run: () => go('keys', { id: key.id }),
    }));
    return [...all, ...keys];
  }, [screens, engagement, text, found.data]);
  const at = Math.min(active, Math.max(0, items.length - 1));

  const choose = (item: Item | undefined) => {
    if (!item) return;
    layer.set(null);
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive(Math.min(items.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, at - 1));
    else if (event.key === 'Enter') choose(items[at]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="palette-search">
        <Search size={17} aria-hidden />
        <input
          autoFocus
          role="combobox"
          aria-label="Go to a screen, an action or a key"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={items.length > 0 ? `${id}-${at}` : undefined}
          placeholder="Screen, action, key id or alias"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul className="palette-list" role="listbox" id={`${id}-list`} aria-label="Found">
        {items.map((item, index) => (
          // The keyboard path is in the field above, as the combobox pattern has it.
          <li
            key={item.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className="menu-item"
            data-highlighted={index === at || undefined}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(item)}
          >
            <span className="clip">{item.label}</span>
            <span className="tiny muted">{item.detail}</span>
          </li>
        ))}
        {items.length === 0 && (
          <li className="small muted palette-none" role="option" aria-selected={false} aria-disabled>
            Nothing is called that. Keys are found by three characters of id, alias or description.
          </li>
        )}
      </ul>
    </>
  );
}
