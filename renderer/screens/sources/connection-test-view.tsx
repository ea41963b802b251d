import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { counted } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { ErrorState, Loading, Partial } from '../../ui/states.tsx';
import type { TestState } from './use-connection-test.ts';

const STATUS = {
  ok: { word: 'ok', tone: 'pass', icon: CircleCheck },
  denied: { word: 'denied', tone: 'exception', icon: CircleX },
  unknown: { word: 'unknown', tone: 'undetermined', icon: CircleHelp },
} as const;

/** What a connection test found: who asks, and every permission needed. */
export function ConnectionTestView({
  test,
  onRetry,
  onPolicy,
}: {
  test: TestState;
  onRetry: () => void;
  onPolicy: () => void;
}) {
  if (test.at === 'none') return null;
  if (test.at === 'running') return <Loading what="the connection test" />;
  if (test.at === 'failed') {
    return (
      <ErrorState
        what="The source could not be reached"
        error={test.error}
        effect="Nothing was collected. A collection from this source would stop at the same place."
        actions={<Button onClick={onRetry}>Test again</Button>}
      />
    );
  }
  const { result } = test;
  const order = { denied: 0, unknown: 1, ok: 2 } as const;
  const permissions = result.permissions.toSorted((a, b) => order[a.status] - order[b.status]);
  const denied = permissions.filter((p) => p.status === 'denied').length;
  const unknown = permissions.filter((p) => p.status === 'unknown').length;
  return (
    <div className="stack">
      {denied > 0 ? (
        <Partial
          actions={
            <Button look="quiet" onClick={onPolicy}>
              Show the policy to ask for
            </Button>
          }
        >
          {counted(denied, 'permission')} missing. You can collect without: what they would have answered
          becomes a gap, and tests that need it are undetermined, never a finding.
        </Partial>
      ) : (
        <p className="small">
          <Badge tone="pass" icon={CircleCheck}>
            Reached
          </Badge>{' '}
          {unknown === 0
            ? 'Every permission that a collection needs is there.'
            : `No permission is denied; ${counted(unknown, 'permission')} could not be tried yet.`}
        </p>
      )}
      <Facts
        facts={[
          { label: 'Asked as', value: <Identifier value={result.arn} /> },
          { label: 'Account', value: <Identifier value={result.account} /> },
          { label: 'Tried in', value: result.region },
        ]}
      />
      <div className="table-scroll permissions" tabIndex={0} role="region" aria-label="Permissions">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Permission</th>
              <th scope="col">Result</th>
              <th scope="col">What the provider said</th>
            </tr>
          </thead>
          <tbody>
            {permissions.map((permission) => {
              const look = STATUS[permission.status];
              return (
                <tr key={permission.op}>
                  <td className="mono">{permission.permissions.join(', ') || permission.op}</td>
                  <td>
                    <Badge tone={look.tone} icon={look.icon}>
                      {look.word}
                    </Badge>
                  </td>
                  <td className="permission-words">
                    {permission.code && <span className="mono">{permission.code}</span>} {permission.message}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
