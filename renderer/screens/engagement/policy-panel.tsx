import { useState } from 'react';
import type { PolicyParameters } from '../../../electron/engagement/parameters.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { currentOperator } from '../../client/session.ts';
import { DocumentFields, documentOf, isDocument, useDocumentDraft } from '../../records/document-fields.tsx';
import { FormDialog } from '../../records/form-dialog.tsx';
import { FileLink, RecordedBy } from '../../records/recorded.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { notify } from '../../ui/toast.tsx';
import { PARAMETERS, withParameter } from './draft.ts';

const labelOf = (parameter: string): string =>
  PARAMETERS.find(({ name }) => name === parameter)?.label ?? parameter;

/** The client's approved policy, and the clauses that its parameters come from. */
export function PolicyPanel({ parameters, editable }: { parameters: PolicyParameters; editable: boolean }) {
  const query = useQuery('policyDocument.current', {});
  const [attaching, setAttaching] = useState(false);
  return (
    <Panel
      title="Policy document"
      note="The client’s approved encryption and key management policy. Parameters cite its clauses; without one the program’s defaults apply, and the pack says so."
      actions={
        <Button disabled={!editable} onClick={() => setAttaching(true)}>
          Attach the policy
        </Button>
      }
    >
      <Shown query={query} what="the policy">
        {({ document }) =>
          document === null ? (
            <Empty title="No policy is attached">
              Attach the document that is in force, and enter the clauses that set a parameter.
            </Empty>
          ) : (
            <div className="stack">
              <Facts
                facts={[
                  { label: 'Title', value: document.title, source: <RecordedBy {...document} /> },
                  { label: 'Version', value: document.version },
                  {
                    label: 'Approved',
                    value:
                      [document.approver, document.approvedAt].filter(Boolean).join(', ') || 'not stated',
                  },
                  { label: 'Next review', value: document.nextReview ?? 'not stated' },
                  { label: 'File', value: <FileLink file={document.file} /> },
                ]}
              />
              {document.clauses.length > 0 && (
                <Table
                  rows={document.clauses}
                  idOf={({ parameter, clause }) => `${parameter} ${clause}`}
                  columns={[
                    { label: 'Parameter', cell: ({ parameter }) => labelOf(parameter) },
                    { label: 'Clause', cell: ({ clause }) => clause },
                    { label: 'What it says', cell: ({ text }) => text },
                  ]}
                />
              )}
            </div>
          )
        }
      </Shown>
      {attaching && <AttachPolicy parameters={parameters} onClose={() => setAttaching(false)} />}
    </Panel>
  );
}

interface Clause {
  parameter: keyof PolicyParameters;
  value: string;
  clause: string;
  text: string;
}

/** Whether a text can be the value of a parameter: a number of days, or a list that names something. */
function isValue(parameter: keyof PolicyParameters, text: string): boolean {
  const days = PARAMETERS.find(({ name }) => name === parameter)?.kind === 'days';
  return days ? /^[1-9]\d*$/.test(text.trim()) : text.trim() !== '';
}

function AttachPolicy({ parameters, onClose }: { parameters: PolicyParameters; onClose: () => void }) {
  const [draft, changeDraft] = useDocumentDraft('Encryption and key management policy');
  const [clauses, setClauses] = useState<readonly Clause[]>([]);
  const change = (at: number, part: Partial<Clause>) =>
    setClauses(clauses.map((clause, index) => (index === at ? { ...clause, ...part } : clause)));
  const ready =
    isDocument(draft) &&
    clauses.every(
      ({ parameter, value, clause, text }) =>
        isValue(parameter, value) && clause.trim() !== '' && text.trim() !== '',
    );
  return (
    <FormDialog
      title="Attach the policy"
      description="The file becomes part of the ledger as it is, with its hash. Clauses set the parameters that tests compare with."
      action="Attach"
      failed="Cannot attach the policy"
      place="wide"
      ready={ready}
      onSubmit={async () => {
        await invoke('policyDocument.attach', {
          ...documentOf(draft),
          clauses: clauses.map(({ parameter, value, clause, text }) => ({
            parameter,
            value: withParameter(parameters, parameter, { text: value })[parameter].value,
            clause: clause.trim(),
            text: text.trim(),
          })),
          operator: await currentOperator(),
        });
        notify('The policy is attached', 'Tests that depend on its parameters ran again.');
      }}
      onClose={onClose}
    >
      <DocumentFields draft={draft} onChange={changeDraft} choose="Choose the policy" />
      {clauses.map((clause, at) => (
        <fieldset className="clause" key={at}>
          <legend className="field-label">Clause {at + 1}</legend>
          <div className="form-grid">
            <SelectField<keyof PolicyParameters>
              label="Sets"
              value={clause.parameter}
              onChoice={(parameter) => change(at, { parameter })}
              options={PARAMETERS.map(({ name, label }) => ({ value: name, label }))}
            />
            <TextField
              label="To"
              hint="A number of days, or a list with commas."
              mono
              value={clause.value}
              onText={(value) => change(at, { value })}
            />
            <TextField
              label="Clause"
              placeholder="4.2"
              value={clause.clause}
              onText={(text) => change(at, { clause: text })}
            />
          </div>
          <TextField
            label="What it says"
            value={clause.text}
            onText={(text) => change(at, { text })}
            placeholder="Keys are rotated at least once a year."
          />
          <Button look="quiet" onClick={() => setClauses(clauses.filter((_, index) => index !== at))}>
            Take this clause out
          </Button>
        </fieldset>
      ))}
      <div>
        <Button
          onClick={() =>
            setClauses([...clauses, { parameter: 'rotationDays', value: '', clause: '', text: '' }])
          }
        >
          Add a clause
        </Button>
      </div>
    </FormDialog>
  );
}
