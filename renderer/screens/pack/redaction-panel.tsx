import { CheckField, TextArea, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PackDraft } from './pack-draft.ts';

/** What is taken out of the pack: values by the name of their field, principals by name, and why. */
export function RedactionPanel({
  redaction,
  onChange,
}: {
  redaction: PackDraft['redaction'];
  onChange: (redaction: PackDraft['redaction']) => void;
}) {
  const set = (change: Partial<PackDraft['redaction']>) => onChange({ ...redaction, ...change });
  return (
    <Panel
      title="What is withheld"
      note="Nothing, unless you say so. Withheld values become tokens; equal values have equal tokens, and each can be disclosed later without a new pack."
    >
      <div className="stack">
        <CheckField
          label="Withhold some values"
          hint="The pack then says how many were withheld, and why. Its hashes still prove that nothing else was changed."
          checked={redaction.on}
          onChecked={(on) => set({ on })}
        />
        {redaction.on && (
          <>
            <TextArea
              label="Fields"
              hint="Names of JSON fields in responses and log records, one a line; every value they hold is withheld."
              rows={3}
              placeholder={'sourceIPAddress\nuserAgent'}
              value={redaction.fields}
              onText={(fields) => set({ fields })}
            />
            <TextArea
              label="Principals"
              hint="As Access shows them, one a line. Their names and unique ids are withheld too."
              rows={3}
              placeholder="arn:aws:iam::111122223333:user/ann"
              value={redaction.principals}
              onText={(principals) => set({ principals })}
            />
            <TextField
              label="Why"
              hint="Stands in the pack, in these words."
              value={redaction.reason}
              onText={(reason) => set({ reason })}
              placeholder="Personal data that the audit does not need"
            />
          </>
        )}
      </div>
    </Panel>
  );
}
