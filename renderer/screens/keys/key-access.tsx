import type { KeyDetail } from '../../../electron/api/keys.ts';
import { usePages } from '../../client/pages.ts';
import { invoke } from '../../client/query.ts';
import { EntryLink } from '../../ledger/entry-link.tsx';
import { pretty } from '../../ledger/fact-text.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Empty, ErrorState, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { PathList } from '../access/path-list.tsx';

/** Who may administer, use and grant this key, through what; its policy and grants as they are. */
export function KeyAccess({ id, snapshot, detail }: { id: string; snapshot: string; detail: KeyDetail }) {
  const pages = usePages(`key access ${snapshot} ${id}`, (after, signal) =>
    invoke('keys.access', { snapshot, id, after, limit: 100 }, { signal }),
  );
  return (
    <div className="key-sections">
      <section className="detail-section">
        <h3>Who holds a right on this key</h3>
        {pages.error !== null && (
          <ErrorState
            what="Cannot show the access"
            error={pages.error}
            actions={<Button onClick={pages.retry}>Try again</Button>}
          />
        )}
        {pages.rows.length === 0 && pages.loading && <Loading what="the access paths" />}
        {pages.rows.length === 0 && pages.done && (
          <Empty title="No path to this key was found">
            If its policy could not be read, that is not the same as nobody: see the questions under
            Configuration.
          </Empty>
        )}
        <PathList paths={pages.rows} by="principal" />
        {!pages.done && pages.rows.length > 0 && (
          <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
            Show more
          </Button>
        )}
      </section>
      {detail.grants.length > 0 && (
        <section className="detail-section">
          <h3>Grants</h3>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Grantee</th>
                <th scope="col">Operations</th>
                <th scope="col">Created</th>
                <th scope="col">Source</th>
              </tr>
            </thead>
            <tbody>
              {detail.grants.map((grant) => (
                <tr key={grant.id}>
                  <td className="rotation-material">
                    <Identifier
                      value={grant.grantee ?? grant.granteeService ?? 'not named'}
                      copy={false}
                      tail={18}
                    />
                    {grant.constraints === null && <span className="field-hint">bound to nothing</span>}
                  </td>
                  <td>{grant.operations.join(', ')}</td>
                  <td>
                    <Time at={grant.created} day />
                  </td>
                  <td>
                    <EntryLink seq={grant.seq} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {detail.policy && (
        <section className="detail-section stack">
          <div className="row row-spread">
            <h3>Key policy “{detail.policy.name}”</h3>
            <EntryLink seq={detail.policy.seq} />
          </div>
          <Code title={`SHA-256 ${detail.policy.sha256.slice(0, 16)}…`} text={pretty(detail.policy.text)} />
        </section>
      )}
    </div>
  );
}
