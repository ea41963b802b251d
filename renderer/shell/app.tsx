import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect, useRef, type DragEvent } from 'react';
import { useRoute } from '../client/route.ts';
import { FileDialog } from '../files/file-dialog.tsx';
import { EntryDrawer } from '../ledger/entry-drawer.tsx';
import { SCREENS } from '../screens/index.ts';
import { SecretDialog } from '../screens/sources/secret-dialog.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { errorWords } from '../ui/error-words.ts';
import { notify, Toasts } from '../ui/toast.tsx';
import { Header } from './header.tsx';
import { openPath, pathsOf } from './open-paths.ts';
import { OperatorDialog } from './operator-dialog.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { useScreens } from './screens.ts';
import { ShortcutSheet, useShortcuts } from './shortcuts.tsx';
import '../files/files.css';
import './shell.css';

/** The window. */
export function App() {
  return (
    // The page's policy allows no inline styles; what the primitives would put there is in base.css.
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={350}>
        <Frame />
        <EntryDrawer />
        <FileDialog />
        <OperatorDialog />
        <SecretDialog />
        <Palette />
        <ShortcutSheet />
        <Toasts />
      </Tooltip.Provider>
    </CSPProvider>
  );
}

function Frame() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const available = useScreens();
  useShortcuts();
  const entry = available.find((screen) => screen.id === route.screen) ?? SCREENS[0]!;

  useEffect(() => {
    document.title = `${entry.label} – Keywitness`;
    // A new screen starts at its top, and a screen reader at its title.
    main.current?.scrollTo(0, 0);
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [entry]);

  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    pathsOf([...event.dataTransfer.files])
      .then(async (paths) => {
        for (const path of paths) await openPath(path);
      })
      .catch((error: unknown) => notify('Cannot take the file', errorWords(error).message, 'failed'));
  };
  const { Component } = entry;
  return (
    <div className="shell" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the screen
      </a>
      <Header />
      <Rail />
      <main ref={main} className="main" id="main" tabIndex={-1}>
        <ErrorBoundary key={entry.id} place={entry.label}>
          <Component />
        </ErrorBoundary>
      </main>
    </div>
  );
}
