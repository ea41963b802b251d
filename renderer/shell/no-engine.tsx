import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/states.tsx';

/** What shows when nobody answers. */
export function NoEngine({ error }: { error: unknown }) {
  return (
    <main className="screen">
      <h1>Keywitness</h1>
      <ErrorState
        what="Cannot start"
        error={error}
        effect="Engagement files are as they were left."
        actions={<Button onClick={() => window.location.reload()}>Try again</Button>}
      />
    </main>
  );
}
