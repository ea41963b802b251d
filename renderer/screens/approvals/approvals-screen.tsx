import { useOpenEngagement, useSnapshot } from '../../client/session.ts';
import { Screen } from '../../ui/panel.tsx';
import { Partial } from '../../ui/states.tsx';
import { ApprovedPanel } from './approved-panel.tsx';
import { MembersPanel } from './members-panel.tsx';

/** Who may hold rights on keys, as the client approved it, and who stands behind groups and roles. */
export function ApprovalsScreen() {
  const snapshot = useSnapshot()!;
  const { engagement, readOnly } = useOpenEngagement();
  const management = engagement.mode === 'management';
  return (
    <Screen
      title="Approved access"
      lead="Who may administer, use and grant which keys, as somebody approved it. Every right that was collected is set against these lists."
    >
      {!management && (
        <Partial>
          This engagement is a service auditor’s: lists that the client gives are imported; approving is
          management’s to do.
        </Partial>
      )}
      <ApprovedPanel snapshot={snapshot.id} editable={readOnly === null} management={management} />
      <MembersPanel editable={readOnly === null} />
    </Screen>
  );
}
