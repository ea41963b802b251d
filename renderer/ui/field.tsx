import { Checkbox } from '@base-ui/react/checkbox';
import { Field } from '@base-ui/react/field';
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { Switch } from '@base-ui/react/switch';
import { Check } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { useId } from 'react';

interface Words {
  label: string;
  hint?: ReactNode;
  /** Why what was entered cannot be used, and what can. */
  error?: string | null;
}

/** Label above, help below, error in place of help. */
export function Labelled({ label, hint, error, children }: Words & { children: ReactNode }) {
  return (
    <Field.Root className="field" invalid={Boolean(error)}>
      <Field.Label className="field-label">{label}</Field.Label>
      {children}
      {error ? (
        <Field.Error className="field-error" match>
          {error}
        </Field.Error>
      ) : (
        hint && <Field.Description className="field-hint">{hint}</Field.Description>
      )}
    </Field.Root>
  );
}

type TextProps = Words &
  Omit<ComponentProps<typeof Field.Control>, 'className' | 'onChange' | 'value' | 'children'> & {
    value: string;
    onText: (text: string) => void;
    mono?: boolean;
  };

/** One line of text. */
export function TextField({ label, hint, error, value, onText, mono = false, ...rest }: TextProps) {
  return (
    <Labelled label={label} hint={hint} error={error ?? null}>
      <Field.Control
        className={mono ? 'input mono' : 'input'}
        value={value}
        onValueChange={(text) => onText(text)}
        spellCheck={false}
        autoComplete="off"
        {...rest}
      />
    </Labelled>
  );
}

/** Several lines of text. */
export function TextArea({
  label,
  hint,
  error,
  value,
  onText,
  rows = 4,
  placeholder,
}: Words & { value: string; onText: (text: string) => void; rows?: number; placeholder?: string }) {
  return (
    <Labelled label={label} hint={hint} error={error ?? null}>
      <Field.Control
        className="input input-area"
        value={value}
        onValueChange={(text) => onText(text)}
        placeholder={placeholder}
        render={<textarea rows={rows} />}
      />
    </Labelled>
  );
}

/** Yes or no, as part of a form that is saved as a whole. */
export function CheckField({
  label,
  hint,
  checked,
  onChecked,
  disabled = false,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChecked: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="check">
      <Checkbox.Root
        id={id}
        className="check-box"
        checked={checked}
        disabled={disabled}
        onCheckedChange={(value) => onChecked(value)}
        aria-describedby={hint ? `${id}-hint` : undefined}
      >
        <Checkbox.Indicator className="check-mark">
          <Check size={13} strokeWidth={3} aria-hidden />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p className="field-hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

/** Yes or no, in force at once. */
export function SwitchField({
  label,
  checked,
  onChecked,
}: {
  label: string;
  checked: boolean;
  onChecked: (checked: boolean) => void;
}) {
  return (
    <label className="switch-field">
      <Switch.Root className="switch" checked={checked} onCheckedChange={(value) => onChecked(value)}>
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
      <span>{label}</span>
    </label>
  );
}

export interface Choice<T extends string> {
  value: T;
  label: string;
  /** What choosing it means. */
  detail?: ReactNode;
  disabled?: boolean;
}

/** One of a few, all in view, each with what it means. */
export function ChoiceField<T extends string>({
  label,
  choices,
  value,
  onChoice,
  inline = false,
}: {
  label: string;
  choices: readonly Choice<T>[];
  value: T;
  onChoice: (value: T) => void;
  inline?: boolean;
}) {
  const id = useId();
  return (
    <div className="field">
      <span className="field-label" id={id}>
        {label}
      </span>
      <RadioGroup
        className={inline ? 'choices choices-inline' : 'choices'}
        aria-labelledby={id}
        value={value}
        onValueChange={(next) => onChoice(next)}
      >
        {choices.map((choice) => (
          <label className="choice" key={choice.value} data-checked={choice.value === value || undefined}>
            <Radio.Root className="radio" value={choice.value} disabled={choice.disabled ?? false}>
              <Radio.Indicator className="radio-dot" />
            </Radio.Root>
            <span>
              <span className="choice-label">{choice.label}</span>
              {choice.detail && <span className="field-hint">{choice.detail}</span>}
            </span>
          </label>
        ))}
      </RadioGroup>
    </div>
  );
}
