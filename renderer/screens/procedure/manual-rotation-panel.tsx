import { useState } from 'react';
import { invoke, useQuery } from '../../client/query.ts';
import { routeHash } from '../../client/route.ts';
import { currentOperator } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { FormDialog } from '../../records/form-dialog.tsx';
import { FileLink, RecordedBy } from '../../records/recorded.tsx';
import { Button } from '../../ui/button.tsx';
import { isDay } from '../../ui/day.ts';
import { DayField } from '../../ui/day-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { utcDay } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

/** Rotation by hand where automation is impossible: who does it how often, and that it was done. */
export function ManualRotationPanel({ snapshot, editable }: { snapshot: string; editable: boolean }) {
  const query = useQuery('rotation.list', {});
  const [doing, setDoing] = useState<'schedule' | 'record' | null>(null);
  return (
    <Panel
      title="Rotation by hand"
      note="For keys that cannot rotate by themselves: a documented schedule, and evidence of each rotation."
      actions={
        <>
          <Button disabled={!editable} onClick={() => setDoing('schedule')}>
            Set a schedule
          </Button>
          <Button disabled={!editable} onClick={() => setDoing('record')}>
            Record a rotation
          </Button>
        </>
      }
      flush
    >
      <Shown query={query} what="the rotations">
        {({ schedules, rotations }) =>
          schedules.length + rotations.length === 0 ? (
            <Empty title="No schedule and no rotation by hand is on record">
              Keys with imported material and asymmetric keys need both; their tests say “evidence required”
              until then.
            </Empty>
          ) : (
            <>
              {schedules.length > 0 && (
                <Table
                  rows={schedules}
                  idOf={({ subject }) => subject}
                  columns={[
                    { label: 'Key or set', cell: ({ subject }) => <Subject id={subject} /> },
                    { label: 'Every', number: true, cell: ({ everyDays }) => `${everyDays} days` },
                    { label: 'Next', cell: ({ next }) => next },
                    { label: 'By', cell: ({ performer }) => performer },
                    { label: 'Why by hand', cell: ({ reason }) => reason },
                    { label: 'Recorded', cell: (row) => <RecordedBy {...row} /> },
                  ]}
                />
              )}
              {rotations.length > 0 && (
                <Table
                  rows={rotations}
                  idOf={({ seq }) => seq}
                  columns={[
                    { label: 'Key', cell: ({ key }) => <Subject id={key} /> },
                    { label: 'Rotated on', cell: ({ rotatedAt }) => utcDay(rotatedAt) },
                    { label: 'By', cell: ({ performer }) => performer },
                    { label: 'Why', cell: ({ reason }) => reason },
                    { label: 'Evidence', cell: ({ evidence }) => <FileLink file={evidence} /> },
                    { label: 'Recorded', cell: (row) => <RecordedBy {...row} /> },
                  ]}
                />
              )}
            </>
          )
        }
      </Shown>
      {doing === 'schedule' && <SetSchedule snapshot={snapshot} onClose={() => setDoing(null)} />}
      {doing === 'record' && <RecordRotation snapshot={snapshot} onClose={() => setDoing(null)} />}
    </Panel>
  );
}

function Subject({ id }: { id: string }) {
  if (!id.includes(':') && !id.includes('/')) return <span className="mono">{id}</span>;
  return (
    <a href={routeHash('keys', { id })}>
      <Identifier value={id} copy={false} tail={14} />
    </a>
  );
}

function SetSchedule({ snapshot, onClose }: { snapshot: string; onClose: () => void }) {
  const [subject, setSubject] = useState('');
  const [everyDays, setEveryDays] = useState('365');
  const [reason, setReason] = useState('');
  const [performer, setPerformer] = useState('');
  const [next, setNext] = useState('');
  const days = Number(everyDays);
  const ready =
    [subject, reason, performer].every((text) => text.trim() !== '') &&
    isDay(next) &&
    Number.isInteger(days) &&
    days >= 1 &&
    days <= 3660;
  return (
    <FormDialog
      title="Set a schedule"
      action="Record"
      failed="Cannot record the schedule"
      ready={ready}
      onSubmit={async () => {
        await invoke('rotation.schedule', {
          snapshot,
          subject: subject.trim(),
          schedule: { everyDays: days, reason: reason.trim(), performer: performer.trim(), next },
          operator: await currentOperator(),
        });
      }}
      onClose={onClose}
    >
      <TextField
        label="Key or key set"
        hint="The key’s ARN or id, as its page under Keys has it to copy, or the id of a set."
        mono
        value={subject}
        onText={setSubject}
      />
      <div className="form-grid">
        <TextField label="Every, days" inputMode="numeric" value={everyDays} onText={setEveryDays} />
        <DayField label="Next" value={next} onDay={setNext} />
      </div>
      <TextField label="Who does it" value={performer} onText={setPerformer} />
      <TextField label="Why it cannot be automatic" value={reason} onText={setReason} />
    </FormDialog>
  );
}

function RecordRotation({ snapshot, onClose }: { snapshot: string; onClose: () => void }) {
  const [key, setKey] = useState('');
  const [on, setOn] = useState('');
  const [performer, setPerformer] = useState('');
  const [reason, setReason] = useState('');
  const [evidence, setEvidence] = useState('');
  return (
    <FormDialog
      title="Record a rotation"
      action="Record"
      failed="Cannot record the rotation"
      ready={[key, performer, reason].every((text) => text.trim() !== '') && isDay(on)}
      onSubmit={async () => {
        await invoke('rotation.record', {
          snapshot,
          key: key.trim(),
          on,
          performer: performer.trim(),
          reason: reason.trim(),
          evidence: evidence.trim() || null,
          operator: await currentOperator(),
        });
      }}
      onClose={onClose}
    >
      <TextField
        label="Key"
        hint="Its ARN or id, as its page under Keys has it to copy."
        mono
        value={key}
        onText={setKey}
      />
      <div className="form-grid">
        <DayField label="Rotated on" value={on} onDay={setOn} />
        <TextField label="By" value={performer} onText={setPerformer} />
      </div>
      <TextField label="Why" placeholder="Yearly rotation, change CHG-1" value={reason} onText={setReason} />
      <FileField
        label="Evidence"
        hint="The change ticket, a log of the ceremony. May be left empty."
        value={evidence}
        onPath={setEvidence}
        question={{ kind: 'open', title: 'Choose the evidence' }}
      />
    </FormDialog>
  );
}
