import { Select } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useId } from 'react';

interface Props<T extends string> {
  label: string;
  /** Only for screen readers: the place makes clear what is chosen. */
  labelHidden?: boolean;
  options: readonly { value: T; label: string }[];
  value: T;
  onChoice: (value: T) => void;
}

/** One of many. */
export function SelectField<T extends string>({
  label,
  labelHidden = false,
  options,
  value,
  onChoice,
}: Props<T>) {
  const id = useId();
  return (
    <div className={labelHidden ? 'field field-bare' : 'field'}>
      <span className={labelHidden ? 'visually-hidden' : 'field-label'} id={id}>
        {label}
      </span>
      <Select.Root<T>
        items={options.map((option) => ({ ...option }))}
        value={value}
        onValueChange={(next) => next !== null && onChoice(next)}
      >
        <Select.Trigger className="select" aria-labelledby={`${id} ${id}-value`}>
          <Select.Value id={`${id}-value`} />
          <Select.Icon className="select-icon">
            <ChevronsUpDown size={14} aria-hidden />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner className="layer" sideOffset={4} alignItemWithTrigger={false}>
            <Select.Popup className="popup menu-popup">
              <Select.List aria-labelledby={id}>
                {options.map((option) => (
                  <Select.Item key={option.value} value={option.value} className="menu-item">
                    <Select.ItemText>{option.label}</Select.ItemText>
                    <Select.ItemIndicator className="menu-mark">
                      <Check size={14} aria-hidden />
                    </Select.ItemIndicator>
                  </Select.Item>
                ))}
              </Select.List>
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </div>
  );
}
