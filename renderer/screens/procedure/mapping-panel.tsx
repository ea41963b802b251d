import { useState } from 'react';
import type { OutputOf } from '../../../electron/api/contract.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { FormDialog } from '../../records/form-dialog.tsx';
import { namesIn } from '../../records/name-list.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';

type Mapping = OutputOf<'inventory.mapping'>;

const FIELDS: readonly [field: keyof Mapping, label: string][] = [
  ['owner', 'Owner'],
  ['deputy', 'Deputy'],
  ['systems', 'Systems'],
  ['purposes', 'Purposes'],
  ['dataClass', 'Class of data'],
  ['approvedBy', 'Approved by'],
  ['approvedAt', 'Approved on'],
];

/** Which tags of keys hold which field of the inventory. */
export function MappingPanel({ editable }: { editable: boolean }) {
  const query = useQuery('inventory.mapping', {});
  const [changing, setChanging] = useState(false);
  return (
    <Panel
      title="Tags that fill the inventory"
      note="A key’s own record comes first, then the first of these tags that it has, then what its sets say."
      actions={
        <Button disabled={!editable || query.data === null} onClick={() => setChanging(true)}>
          Change
        </Button>
      }
    >
      <Shown query={query} what="the tags">
        {(mapping) => (
          <Facts
            facts={FIELDS.map(([field, label]) => ({
              label,
              value:
                mapping[field].length === 0 ? (
                  <span className="none">no tag</span>
                ) : (
                  <span className="mono">{mapping[field].join(', ')}</span>
                ),
            }))}
          />
        )}
      </Shown>
      {changing && query.data && <ChangeMapping mapping={query.data} onClose={() => setChanging(false)} />}
    </Panel>
  );
}

function ChangeMapping({ mapping, onClose }: { mapping: Mapping; onClose: () => void }) {
  const [texts, setTexts] = useState(
    () =>
      Object.fromEntries(FIELDS.map(([field]) => [field, mapping[field].join(', ')])) as Record<
        keyof Mapping,
        string
      >,
  );
  return (
    <FormDialog
      title="Tags that fill the inventory"
      description="Names of tags with commas; the first that a key has counts."
      action="Record"
      failed="Cannot record the tags"
      ready
      onSubmit={async () => {
        const lists = Object.fromEntries(FIELDS.map(([field]) => [field, namesIn(texts[field])]));
        await invoke('inventory.map', { ...lists, operator: await currentOperator() });
      }}
      onClose={onClose}
    >
      {FIELDS.map(([field, label]) => (
        <TextField
          key={field}
          label={label}
          mono
          value={texts[field]}
          onText={(text) => setTexts({ ...texts, [field]: text })}
        />
      ))}
    </FormDialog>
  );
}
