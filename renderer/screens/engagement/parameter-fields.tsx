import { useState } from 'react';
import type { PolicyParameters } from '../../../electron/engagement/parameters.ts';
import { PARAMETERS, withParameter } from './draft.ts';

/** A line per parameter: its value, and the clause of the client's policy that sets it. */
export function ParameterFields({
  parameters,
  onParameters,
}: {
  parameters: PolicyParameters;
  onParameters: (parameters: PolicyParameters) => void;
}) {
  return (
    <table className="table parameters">
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">Value</th>
          <th scope="col">Clause of the client’s policy</th>
        </tr>
      </thead>
      <tbody>
        {PARAMETERS.map((parameter) => (
          <Parameter
            key={parameter.name}
            parameter={parameter}
            parameters={parameters}
            onParameters={onParameters}
          />
        ))}
      </tbody>
    </table>
  );
}

function Parameter({
  parameter,
  parameters,
  onParameters,
}: {
  parameter: (typeof PARAMETERS)[number];
  parameters: PolicyParameters;
  onParameters: (parameters: PolicyParameters) => void;
}) {
  const { name, label, hint, kind } = parameter;
  const { value, clause } = parameters[name];
  // What is typed stands as it is until it is left; only then is it read as a number or a list.
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (Array.isArray(value) ? value.join(', ') : String(value));
  return (
    <tr>
      <th scope="row" className="parameter-name">
        {label}
        {hint && <span className="field-hint">{hint}</span>}
      </th>
      <td>
        <input
          className={kind === 'days' ? 'input input-days' : 'input mono'}
          aria-label={label}
          inputMode={kind === 'days' ? 'numeric' : 'text'}
          spellCheck={false}
          value={shown}
          placeholder={kind === 'list' ? 'none' : ''}
          onChange={(event) => {
            setTyped(event.target.value);
            onParameters(withParameter(parameters, name, { text: event.target.value }));
          }}
          onBlur={() => setTyped(null)}
        />
      </td>
      <td>
        <input
          className="input"
          aria-label={`Clause for ${label}`}
          value={clause ?? ''}
          placeholder="default, no clause"
          onChange={(event) => onParameters(withParameter(parameters, name, { clause: event.target.value }))}
        />
      </td>
    </tr>
  );
}
