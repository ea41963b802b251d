import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement } from 'react';

export interface MenuAction {
  label: string;
  /** Keys that do the same. */
  keys?: string;
  onSelect: () => void;
  disabled?: boolean;
}

/** Actions behind a button. */
export function Menu({ trigger, actions }: { trigger: ReactElement; actions: readonly MenuAction[] }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="layer" sideOffset={4} align="end">
          <Base.Popup className="popup menu-popup">
            {actions.map((action) => (
              <Base.Item
                key={action.label}
                className="menu-item"
                disabled={action.disabled ?? false}
                onClick={action.onSelect}
              >
                <span>{action.label}</span>
                {action.keys && <kbd>{action.keys}</kbd>}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Any number of several, behind a button; stays open while choosing. */
export function CheckMenu<T extends string>({
  trigger,
  options,
  chosen,
  onChosen,
}: {
  trigger: ReactElement;
  options: readonly { value: T; label: string; locked?: boolean }[];
  chosen: readonly T[];
  onChosen: (chosen: T[]) => void;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="layer" sideOffset={4} align="end">
          <Base.Popup className="popup menu-popup">
            {options.map((option) => (
              <Base.CheckboxItem
                key={option.value}
                className="menu-item menu-item-check"
                checked={chosen.includes(option.value)}
                disabled={option.locked ?? false}
                closeOnClick={false}
                onCheckedChange={(checked) =>
                  onChosen(
                    options
                      .map((o) => o.value)
                      .filter((v) => (v === option.value ? checked : chosen.includes(v))),
                  )
                }
              >
                <span className="menu-tick">
                  <Base.CheckboxItemIndicator>
                    <Check size={14} aria-hidden />
                  </Base.CheckboxItemIndicator>
                </span>
                <span>{option.label}</span>
              </Base.CheckboxItem>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
