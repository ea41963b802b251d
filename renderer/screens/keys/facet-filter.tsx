import { useState, type ReactElement } from 'react';
import type { KeyFacet } from '../../../electron/api/keys.ts';
import { useQuery } from '../../client/query.ts';
import { CheckField } from '../../ui/field.tsx';
import { count } from '../../ui/format.ts';
import { Popover } from '../../ui/popover.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Shown } from '../../ui/shown.tsx';
import { filterOf, type KeyView } from './key-view.ts';
import { FACET_LABELS, facetValue } from './key-words.ts';

const FACETS = Object.keys(FACET_LABELS) as KeyFacet[];

/** Chooses values of one facet after another; each shows how many keys it would leave. */
export function FacetFilter({
  snapshot,
  view,
  onToggle,
  trigger,
}: {
  snapshot: string;
  view: KeyView;
  onToggle: (facet: KeyFacet, value: string | null) => void;
  trigger: ReactElement;
}) {
  const [open, setOpen] = useState(false);
  const [facet, setFacet] = useState<KeyFacet>('state');
  const query = useQuery('keys.facets', open ? { snapshot, filter: filterOf(view), facets: [facet] } : null);
  return (
    <Popover trigger={trigger} title="Filter" open={open} onOpen={setOpen}>
      <SelectField
        label="By"
        value={facet}
        onChoice={setFacet}
        options={FACETS.map((value) => ({ value, label: FACET_LABELS[value] }))}
      />
      <Shown query={query} what="the values">
        {(data) => {
          const values = data.facets[0]?.values ?? [];
          return (
            <div className="facet-values" role="group" aria-label={FACET_LABELS[facet]}>
              {values.length === 0 && <p className="small muted">No key has a value here.</p>}
              {values.map((item) => (
                <CheckField
                  key={String(item.value)}
                  label={
                    <span className="facet-value">
                      <span>{facetValue(item.value)}</span>
                      <span className="muted">{count(item.keys)}</span>
                    </span>
                  }
                  checked={view.facets[facet]?.includes(item.value) ?? false}
                  onChecked={() => onToggle(facet, item.value)}
                />
              ))}
            </div>
          );
        }}
      </Shown>
    </Popover>
  );
}
