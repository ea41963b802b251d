import { CircleCheck, CircleX } from 'lucide-react';
import { useState } from 'react';
import type { AuthorityTest } from '../../../electron/api/stamping.ts';
import type { Settings } from '../../../electron/api/app.ts';
import { invoke } from '../../client/query.ts';
import { loadSettings } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { namesIn } from '../../records/name-list.ts';
import { attempt } from '../../records/recording.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { utcDay, utcTime } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

/** The timestamp authorities that packs and checkpoints ask, in their order; each can be tested. */
export function AuthoritiesPanel({ settings }: { settings: Settings }) {
  const { timestamp } = settings;
  const [url, setUrl] = useState('');
  const [roots, setRoots] = useState(timestamp?.roots.join(', ') ?? '');
  const [tests, setTests] = useState<ReadonlyMap<string, AuthorityTest>>(new Map());
  const [testing, setTesting] = useState<string | null>(null);
  const urls = timestamp?.urls ?? [];
  const save = (next: readonly string[]) =>
    attempt('Cannot save the authorities', async () => {
      const second = timestamp?.second?.filter((one) => next.includes(one));
      await invoke('stamping.saveAuthorities', {
        timestamp:
          next.length === 0
            ? null
            : { urls: [...next], roots: namesIn(roots), ...(second ? { second } : {}) },
      });
      await loadSettings();
    });
  const test = async (one: string) => {
    setTesting(one);
    await attempt('Cannot test the authority', async () => {
      const result = await invoke('stamping.testAuthority', { url: one, roots: namesIn(roots) });
      setTests(new Map(tests).set(one, result));
    });
    setTesting(null);
  };
  const add = async () => {
    if (await save([...urls, url.trim()])) setUrl('');
  };
  const fault =
    url.trim() !== '' && !/^https?:\/\/\S+$/.test(url.trim())
      ? 'Give its address, for example http://timestamp.example/.'
      : null;
  return (
    <Panel
      title="Timestamp authorities"
      note="They see only a hash, and say when it existed (RFC 3161). Asked in this order; without one, packs are sealed with their time pending."
    >
      <div className="stack">
        {urls.length === 0 ? (
          <Empty title="No authority is named">Packs can be stamped later, when there is one.</Empty>
        ) : (
          <Table
            rows={urls}
            idOf={(one) => one}
            columns={[
              { label: 'Address', cell: (one) => <span className="mono">{one}</span> },
              { label: 'Test', cell: (one) => <TestResult test={tests.get(one)} /> },
              {
                label: 'Change',
                cell: (one) => (
                  <div className="row">
                    <Button look="quiet" busy={testing === one} onClick={() => void test(one)}>
                      Test
                    </Button>
                    {one !== urls[0] && (
                      <Button
                        look="quiet"
                        onClick={() => void save([one, ...urls.filter((other) => other !== one)])}
                      >
                        Ask first
                      </Button>
                    )}
                    <Button look="quiet" onClick={() => void save(urls.filter((other) => other !== one))}>
                      Remove
                    </Button>
                  </div>
                ),
              },
            ]}
          />
        )}
        <form
          className="file-field"
          onSubmit={(event) => {
            event.preventDefault();
            if (url.trim() !== '' && fault === null) void add();
          }}
        >
          <TextField
            label="Add an authority"
            mono
            placeholder="http://timestamp.example/"
            value={url}
            onText={setUrl}
            error={fault}
          />
          <Button type="submit" disabled={url.trim() === '' || fault !== null}>
            Add
          </Button>
        </form>
        <FileField
          label="Certificates the authorities must lead to"
          hint="PEM or DER; several with commas. May be left empty."
          value={roots}
          onPath={setRoots}
          question={{ kind: 'open', title: 'Choose a certificate', extensions: ['pem', 'crt', 'cer', 'der'] }}
        />
        {roots !== (timestamp?.roots.join(', ') ?? '') && urls.length > 0 && (
          <div>
            <Button onClick={() => void save(urls)}>Save these certificates</Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

function TestResult({ test }: { test: AuthorityTest | undefined }) {
  if (!test) return <span className="none">not tested</span>;
  if (test.answer === null) {
    return (
      <>
        <Badge tone="exception" icon={CircleX}>
          No token
        </Badge>
        <span className="field-hint">{test.why}</span>
      </>
    );
  }
  const { authority, genTime, notAfter, offsetMs, tookMs } = test.answer;
  return (
    <>
      <Badge tone="pass" icon={CircleCheck}>
        {utcTime(genTime)} UTC
      </Badge>
      <span className="field-hint">
        {authority}; certificate until {utcDay(notAfter)}; its clock is {Math.round(offsetMs / 100) / 10} s
        from this machine’s; {Math.round(tookMs)} ms
      </span>
    </>
  );
}
