import { useMemo } from 'react';
import { useEngagement } from '../client/session.ts';
import { SCREENS, type ScreenEntry } from '../screens/index.ts';

/** The screens that there is something to show on now, in the order of the work. */
export function useScreens(): ScreenEntry[] {
  const engagement = useEngagement();
  return useMemo(
    () =>
      SCREENS.filter((screen) => {
        if (screen.needs === 'nothing') return true;
        if (engagement === null) return false;
        if (screen.needs === 'engagement') return true;
        return engagement.snapshots.length > 0;
      }),
    [engagement],
  );
}
