import { useState } from 'react';
import type { Settings } from '../../../electron/api/app.ts';
import { useQuery } from '../../client/query.ts';
import { saveSettings, useSettings } from '../../client/session.ts';
import { FileField } from '../../files/file-field.tsx';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { Facts } from '../../ui/facts.tsx';
import { ChoiceField, TextField, TextArea } from '../../ui/field.tsx';
import { QueuePanel } from '../../seal/queue-panel.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Loading } from '../../ui/states.tsx';
import { AuthoritiesPanel } from './authorities-panel.tsx';
import { notify } from '../../ui/toast.tsx';

/** What is remembered on this machine, for every engagement. */
export function SettingsScreen() {
  const settings = useSettings();
  if (!settings) return <Loading what="the settings" />;
  return (
    <Screen
      title="Settings"
      lead="Kept in a file of your own on this machine, for every engagement. Never a passphrase or a credential."
    >
      <div className="columns">
        <Look settings={settings} />
        <OperatorPanel settings={settings} />
        <Sealing settings={settings} />
        <Program />
      </div>
      <AuthoritiesPanel settings={settings} />
      <QueuePanel />
    </Screen>
  );
}

async function save(change: Partial<Settings>): Promise<void> {
  try {
    await saveSettings(change);
  } catch (error) {
    notify('Cannot save the settings', errorWords(error).message, 'failed');
  }
}

function Look({ settings }: { settings: Settings }) {
  return (
    <Panel title="Look">
      <div className="stack">
        <ChoiceField
          label="Theme"
          inline
          value={settings.theme}
          onChoice={(theme) => void save({ theme })}
          choices={[
            { value: 'system', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
            { value: 'contrast', label: 'High contrast' },
          ]}
        />
        <ChoiceField
          label="Movement"
          inline
          value={settings.reducedMotion}
          onChoice={(reducedMotion) => void save({ reducedMotion })}
          choices={[
            { value: 'system', label: 'As the system' },
            { value: 'on', label: 'Reduced' },
            { value: 'off', label: 'Ordinary' },
          ]}
        />
      </div>
    </Panel>
  );
}

function OperatorPanel({ settings }: { settings: Settings }) {
  const [name, setName] = useState(settings.operator?.name ?? '');
  const [email, setEmail] = useState(settings.operator?.email ?? '');
  return (
    <Panel
      title="Operator"
      note="The name that stands in the ledger and the pack under everything you decide."
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const trimmed = name.trim();
          void save({
            operator: trimmed === '' ? null : { name: trimmed, email: email.trim() || null },
          }).then(() => notify('Saved', 'What was recorded before keeps the name it was recorded under.'));
        }}
      >
        <TextField label="Name" value={name} onText={setName} />
        <TextField label="Email" hint="May be left empty." value={email} onText={setEmail} />
        <div>
          <Button type="submit">Save the operator</Button>
        </div>
      </form>
    </Panel>
  );
}

function Sealing({ settings }: { settings: Settings }) {
  const [trust, setTrust] = useState(settings.trust.join('\n'));
  const [extraCa, setExtraCa] = useState(settings.extraCa ?? '');
  const lines = (text: string) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  return (
    <Panel title="Trust" note="Certificates are files on this machine, one path a line.">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save({
            trust: lines(trust),
            extraCa: extraCa.trim() || null,
          }).then(() => notify('Saved'));
        }}
      >
        <TextArea label="Certificates trusted when verifying" value={trust} onText={setTrust} rows={2} />
        <FileField
          label="Certificate authority of your company"
          hint="For connections through a proxy that inspects TLS. The pack says that it was trusted."
          value={extraCa}
          onPath={setExtraCa}
          question={{ kind: 'open', title: 'Choose a certificate', extensions: ['pem', 'crt', 'cer', 'der'] }}
        />
        <div>
          <Button type="submit">Save trust</Button>
        </div>
      </form>
    </Panel>
  );
}

function Program() {
  const info = useQuery('app.info', {});
  return (
    <Panel title="This program">
      <Shown query={info} what="the program">
        {(data) => (
          <Facts
            facts={[
              { label: 'Version', value: data.version },
              {
                label: 'Window',
                value:
                  data.host === 'electron'
                    ? `Electron ${data.electron ?? ''}`
                    : 'Your browser, served on this machine only',
              },
              { label: 'Engine', value: `Node ${data.node}, ${data.platform} ${data.arch}` },
              {
                label: 'Passphrases',
                value:
                  data.secretStore === null
                    ? 'asked each time, stored nowhere'
                    : data.secretStore.protected
                      ? `may be kept by the system (${data.secretStore.backend})`
                      : `asked each time: ${data.secretStore.why}`,
              },
              { label: 'Telemetry', value: 'none' },
            ]}
          />
        )}
      </Shown>
    </Panel>
  );
}
