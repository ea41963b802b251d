import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export interface Tab<T extends string> {
  value: T;
  label: string;
  /** A number beside the label. */
  count?: number | null;
  panel: ReactNode;
}

/** Panels of which one shows. */
export function Tabs<T extends string>({
  label,
  tabs,
  value,
  onTab,
}: {
  label: string;
  tabs: readonly Tab<T>[];
  value: T;
  onTab: (value: T) => void;
}) {
  return (
    <Base.Root className="tabs" value={value} onValueChange={(next) => onTab(next as T)}>
      <Base.List className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Base.Tab className="tab" key={tab.value} value={tab.value}>
            {tab.label}
            {tab.count !== undefined && tab.count !== null && <span className="tab-count">{tab.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel className="tab-panel" key={tab.value} value={tab.value}>
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
