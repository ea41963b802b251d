import { CheckField, ChoiceField, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { CRITERIA, draftFaults, type Draft } from './draft.ts';
import { ParameterFields } from './parameter-fields.tsx';
import { PRESETS, presetDays } from './period.ts';
import './engagement.css';

/** Everything that is stated about an engagement. `tried` shows what is missing. */
export function EngagementForm({
  draft,
  onDraft,
  tried,
}: {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  tried: boolean;
}) {
  const faults = draftFaults(draft);
  const change = (part: Partial<Draft>) => onDraft({ ...draft, ...part });
  return (
    <>
      <div className="columns">
        <Panel title="Who and why">
          <div className="stack">
            <TextField
              label="Client"
              hint="The audited organisation, as the pack shall name it."
              error={tried ? (faults.client ?? null) : null}
              value={draft.client}
              onText={(client) => change({ client })}
            />
            <ChoiceField
              label="Mode"
              value={draft.mode}
              onChoice={(mode) => change({ mode })}
              choices={[
                {
                  value: 'management',
                  label: 'Management',
                  detail:
                    'You work for the organisation and prepare evidence: owners, reviews and procedures can be recorded.',
                },
                {
                  value: 'auditor',
                  label: 'Service auditor',
                  detail:
                    'You inspect. What would impair independence is off; management’s records are imported instead.',
                },
              ]}
            />
          </div>
        </Panel>
        <Panel title="What is covered">
          <div className="stack">
            <ChoiceField
              label="Type of report"
              inline
              value={draft.type === 1 ? 'one' : 'two'}
              onChoice={(type) => change({ type: type === 'one' ? 1 : 2 })}
              choices={[
                { value: 'one', label: 'Type 1', detail: 'As of a date.' },
                { value: 'two', label: 'Type 2', detail: 'Over a period.' },
              ]}
            />
            <div className="presets" role="group" aria-label="Period presets">
              {PRESETS.map((preset) => (
                <button
                  key={preset.id}
                  type="button"
                  className="preset"
                  onClick={() => change({ days: presetDays(preset.id, new Date()) })}
                >
                  {preset.label}
                </button>
              ))}
            </div>
            <div className="form-grid">
              <TextField
                label={draft.type === 1 ? 'Events from' : 'First day'}
                mono
                placeholder="YYYY-MM-DD"
                value={draft.days.from}
                onText={(from) => change({ days: { ...draft.days, from } })}
                hint={draft.type === 1 ? 'How far back logs and changes are read.' : 'UTC, inclusive.'}
              />
              <TextField
                label={draft.type === 1 ? 'As of' : 'Last day'}
                mono
                placeholder="YYYY-MM-DD"
                value={draft.days.to}
                onText={(to) => change({ days: { ...draft.days, to } })}
                hint="UTC, inclusive."
                error={faults.days ?? null}
              />
            </div>
          </div>
        </Panel>
      </div>
      <Panel title="Criteria" note="Tests of controls are listed under the criteria they bear on.">
        <div className="criteria">
          {CRITERIA.map((criterion) => (
            <CheckField
              key={criterion.id}
              label={<strong>{criterion.id}</strong>}
              hint={criterion.about}
              checked={draft.criteria.includes(criterion.id)}
              onChecked={(checked) =>
                change({
                  criteria: checked
                    ? [...draft.criteria, criterion.id].sort()
                    : draft.criteria.filter((id) => id !== criterion.id),
                })
              }
            />
          ))}
        </div>
        {faults.criteria && <p className="field-error">{faults.criteria}</p>}
      </Panel>
      <Panel
        title="Policy parameters"
        note="What the client’s own policy asks for. Tests measure against these, and the pack prints the clause; a value without a clause is printed as this program’s default."
        flush
      >
        <ParameterFields
          parameters={draft.parameters}
          onParameters={(parameters) => change({ parameters })}
        />
      </Panel>
    </>
  );
}
