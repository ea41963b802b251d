import { useState } from 'react';
import type { OutputOf } from '../../../electron/api/contract.ts';
import type { Purpose } from '../../../electron/engagement/records.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { FormDialog } from '../../records/form-dialog.tsx';
import { draftOfRecord, EMPTY_RECORD, recordOf, type RecordDraft } from '../../records/key-record.ts';
import { namesIn } from '../../records/name-list.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField, TextArea, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

type KeySet = OutputOf<'keySets.list'>['sets'][number];

/** Keys owned and used together: what is recorded on a set holds for all its keys. */
export function KeySetsPanel({ editable }: { editable: boolean }) {
  const query = useQuery('keySets.list', {});
  const [changing, setChanging] = useState<KeySet | 'new' | null>(null);
  const [removing, setRemoving] = useState<KeySet | null>(null);
  return (
    <Panel
      title="Key sets"
      note="Keys owned and used together. What is recorded once for a set holds for each of its keys that says nothing else, also for keys that come later."
      actions={
        <Button disabled={!editable} onClick={() => setChanging('new')}>
          Define a set
        </Button>
      }
      flush
    >
      <Shown query={query} what="the key sets">
        {({ sets }) =>
          sets.length === 0 ? (
            <Empty title="No set is defined">
              A set is the quickest way to give many keys an owner: by alias, tag, account or one by one.
            </Empty>
          ) : (
            <Table
              rows={sets}
              idOf={({ id }) => id}
              columns={[
                {
                  label: 'Set',
                  cell: ({ id, title }) => (
                    <>
                      {title}
                      <span className="field-hint mono">{id}</span>
                    </>
                  ),
                },
                { label: 'Part of', cell: ({ parent }) => parent ?? <span className="none">none</span> },
                { label: 'Keys', cell: ({ members }) => membersInWords(members) },
                {
                  label: 'Owner',
                  cell: ({ record }) => record.owner ?? <span className="none">not set here</span>,
                },
                editable && {
                  label: 'Change',
                  cell: (set) => (
                    <>
                      <Button look="quiet" onClick={() => setChanging(set)}>
                        Change
                      </Button>
                      <Button look="quiet" onClick={() => setRemoving(set)}>
                        Remove
                      </Button>
                    </>
                  ),
                },
              ]}
            />
          )
        }
      </Shown>
      {changing !== null && (
        <DefineSet set={changing === 'new' ? null : changing} onClose={() => setChanging(null)} />
      )}
      {removing !== null && <RemoveSet set={removing} onClose={() => setRemoving(null)} />}
    </Panel>
  );
}

function membersInWords({ keys, tags, aliases, accounts }: KeySet['members']): string {
  const parts = [
    ...(aliases.length > 0 ? [`aliases ${aliases.join(', ')}`] : []),
    ...(tags.length > 0 ? [`tags ${tags.map((tag) => `${tag.name}=${tag.value}`).join(', ')}`] : []),
    ...(accounts.length > 0 ? [`accounts ${accounts.join(', ')}`] : []),
    ...(keys.length > 0 ? [`${keys.length} named ${keys.length === 1 ? 'key' : 'keys'}`] : []),
  ];
  return parts.join('; ') || 'none';
}

const PURPOSES: readonly Purpose[] = ['data at rest', 'data in transit', 'application level'];

function DefineSet({ set, onClose }: { set: KeySet | null; onClose: () => void }) {
  const [id, setId] = useState(set?.id ?? '');
  const [title, setTitle] = useState(set?.title ?? '');
  const [parent, setParent] = useState(set?.parent ?? '');
  const [aliases, setAliases] = useState(set?.members.aliases.join('\n') ?? '');
  const [tags, setTags] = useState(set?.members.tags.map((t) => `${t.name}=${t.value}`).join('\n') ?? '');
  const [accounts, setAccounts] = useState(set?.members.accounts.join('\n') ?? '');
  const [keys, setKeys] = useState(set?.members.keys.join('\n') ?? '');
  const [record, setRecord] = useState<RecordDraft>(set ? draftOfRecord(set.record) : EMPTY_RECORD);
  const change = (part: Partial<RecordDraft>) => setRecord({ ...record, ...part });
  const members = {
    keys: namesIn(keys),
    aliases: namesIn(aliases),
    accounts: namesIn(accounts),
    tags: namesIn(tags).map((tag) => {
      const at = tag.indexOf('=');
      return { name: tag.slice(0, at).trim(), value: tag.slice(at + 1).trim() };
    }),
  };
  const tagsFault = namesIn(tags).some((tag) => !/^[^=]+=.+$/.test(tag))
    ? 'Give each tag as name=value.'
    : null;
  const named = Object.values(members).some((list) => list.length > 0);
  return (
    <FormDialog
      title={set ? `Change ${set.title}` : 'Define a key set'}
      description="A key belongs to the set when any of these names it."
      action={set ? 'Record the change' : 'Define'}
      failed="Cannot record the set"
      place="wide"
      ready={id.trim() !== '' && title.trim() !== '' && named && tagsFault === null}
      onSubmit={async () => {
        await invoke('keySets.define', {
          id: id.trim(),
          title: title.trim(),
          parent: parent.trim() || null,
          members,
          record: recordOf(record),
          operator: await currentOperator(),
        });
      }}
      onClose={onClose}
    >
      <div className="form-grid">
        <TextField label="Title" value={title} onText={setTitle} placeholder="Payroll" />
        <TextField
          label="Id"
          hint="Short and lasting; lists of approved principals name it."
          mono
          disabled={set !== null}
          value={id}
          onText={setId}
          placeholder="payroll"
        />
        <TextField
          label="Part of the set"
          hint="Id of a set whose record this one inherits. May be left empty."
          mono
          value={parent}
          onText={setParent}
        />
      </div>
      <div className="form-grid">
        <TextArea
          label="Aliases"
          hint="One a line; * stands for any characters."
          rows={3}
          value={aliases}
          onText={setAliases}
          placeholder="alias/payroll*"
        />
        <TextArea
          label="Tags"
          hint="name=value, one a line."
          error={tagsFault}
          rows={3}
          value={tags}
          onText={setTags}
          placeholder="team=payroll"
        />
        <TextArea label="Accounts" hint="One a line." rows={3} value={accounts} onText={setAccounts} />
        <TextArea label="Keys" hint="By ARN or id, one a line." rows={3} value={keys} onText={setKeys} />
      </div>
      <div className="form-grid">
        <TextField label="Owner" value={record.owner} onText={(owner) => change({ owner })} />
        <TextField label="Deputy" value={record.deputy} onText={(deputy) => change({ deputy })} />
        <TextField
          label="Systems"
          hint="With commas."
          value={record.systems}
          onText={(systems) => change({ systems })}
        />
        <TextField
          label="Class of data"
          value={record.dataClass}
          onText={(dataClass) => change({ dataClass })}
        />
      </div>
      <fieldset className="clause">
        <legend className="field-label">Purposes</legend>
        <div className="row">
          {PURPOSES.map((purpose) => (
            <CheckField
              key={purpose}
              label={purpose}
              checked={record.purposes.includes(purpose)}
              onChecked={(on) =>
                change({
                  purposes: on
                    ? [...record.purposes, purpose]
                    : record.purposes.filter((other) => other !== purpose),
                })
              }
            />
          ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}

function RemoveSet({ set, onClose }: { set: KeySet; onClose: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={`Remove ${set.title}`}
      description="Its keys lose what they inherited from it. What was recorded stays in the ledger."
      action="Remove the set"
      failed="Cannot remove the set"
      ready={reason.trim() !== ''}
      onSubmit={async () => {
        await invoke('keySets.remove', {
          id: set.id,
          reason: reason.trim(),
          operator: await currentOperator(),
        });
      }}
      onClose={onClose}
    >
      <TextField label="Why" value={reason} onText={setReason} />
    </FormDialog>
  );
}
