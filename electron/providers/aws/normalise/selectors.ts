import { list, objects, text, type JsonObject } from './wire.ts';

/** Which KMS events a trail records. partial: some are filtered by more than reading and writing. */
export type KmsEvents = 'all' | 'write-only' | 'read-only' | 'partial' | 'excluded' | 'unknown';

const KMS = 'kms.amazonaws.com';

/**
 * Which KMS events pass a trail's selectors: an event is recorded when any selector takes it. CloudTrail User Guide,
 * "Logging management events".
 */
export function kmsEventsOf(basic: readonly JsonObject[], advanced: readonly JsonObject[]): KmsEvents {
  const parts = [...basic.map(ofBasic), ...advanced.map(ofAdvanced)];
  if (parts.includes('all') || (parts.includes('read-only') && parts.includes('write-only'))) return 'all';
  return (
    parts.find((part) => part !== 'excluded' && part !== 'partial') ??
    parts.find((p) => p === 'partial') ??
    'excluded'
  );
}

function ofBasic(selector: JsonObject): KmsEvents {
  if (selector.IncludeManagementEvents === false) return 'excluded';
  if (list(selector.ExcludeManagementEventSources).includes(KMS)) return 'excluded';
  const type = text(selector.ReadWriteType) ?? 'All';
  return type === 'All' ? 'all' : type === 'WriteOnly' ? 'write-only' : 'read-only';
}

function ofAdvanced(selector: JsonObject): KmsEvents {
  let result: KmsEvents = 'all';
  let management = false;
  for (const field of objects(selector.FieldSelectors)) {
    const name = text(field.Field);
    if (name === 'eventCategory') management = list(field.Equals).includes('Management');
    else if (name === 'eventSource') {
      if (!takes(field, KMS)) return 'excluded';
    } else if (name === 'readOnly') {
      if (result !== 'partial') result = takes(field, 'true') ? 'read-only' : 'write-only';
      if (takes(field, 'true') && takes(field, 'false')) result = 'all';
    } else result = 'partial';
  }
  return management ? result : 'excluded';
}

/** Whether a field selector lets a value pass. */
function takes(field: JsonObject, value: string): boolean {
  const has = (name: string, test: (v: string) => boolean): boolean | null =>
    field[name] === undefined ? null : list(field[name]).some((v) => typeof v === 'string' && test(v));
  const positive = [
    has('Equals', (v) => v === value),
    has('StartsWith', (v) => value.startsWith(v)),
    has('EndsWith', (v) => value.endsWith(v)),
  ].filter((r) => r !== null);
  const negative = [
    has('NotEquals', (v) => v === value),
    has('NotStartsWith', (v) => value.startsWith(v)),
    has('NotEndsWith', (v) => value.endsWith(v)),
  ];
  return (positive.length === 0 || positive.includes(true)) && !negative.includes(true);
}
