import type { ReactNode } from 'react';
import type { PackPreview } from '../../../electron/api/pack.ts';
import { PdfViewer } from '../../pdf/pdf-viewer.tsx';
import { Facts } from '../../ui/facts.tsx';
import { bytes, count, counted, periodWords } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useState } from 'react';

type Part = 'report' | 'exhibits' | 'files';

/** The report as it will be signed, page by page, with what it states and what goes around it. */
export function PreviewPanel({ preview, actions }: { preview: PackPreview; actions: ReactNode }) {
  const [part, setPart] = useState<Part>('report');
  return (
    <Panel
      title="Preview: this is what will be signed"
      note="These very bytes. The signature is appended to them and changes none."
      actions={actions}
      flush
    >
      <div className="preview-facts">
        <Facts
          facts={[
            { label: 'Report, SHA-256', value: <Identifier value={preview.sha256} /> },
            { label: 'Size', value: bytes(preview.pdf.bytes) },
            { label: 'Period', value: periodWords(preview.period.from, preview.period.to) },
            {
              label: 'Scope',
              value: `Snapshot ${preview.snapshot} of ${preview.sources.join(', ')}`,
            },
            { label: 'Gaps', value: `${count(preview.gaps)}, each listed in the report` },
          ]}
        />
        <Facts
          facts={[
            { label: 'Signed by', value: preview.signer.subject },
            { label: 'Certificate', value: <Identifier value={preview.signer.fingerprint} /> },
            {
              label: 'Ledger',
              value: `${counted(preview.ledger.entries, 'entry', 'entries')}, closed by a checkpoint`,
            },
            { label: 'Ledger head', value: <Identifier value={preview.ledger.head} /> },
            {
              label: 'Withheld',
              value: preview.redacted === null ? 'nothing' : counted(preview.redacted, 'value'),
            },
          ]}
        />
      </div>
      <Tabs<Part>
        label="Preview"
        value={part}
        onTab={setPart}
        tabs={[
          {
            value: 'report',
            label: 'Report',
            panel: <PdfViewer address={preview.pdf.url} label="Report" />,
          },
          {
            value: 'exhibits',
            label: 'Expected exhibits',
            count: preview.exhibits.length,
            panel: <Exhibits preview={preview} />,
          },
          {
            value: 'files',
            label: 'Files of the zip',
            count: preview.files.length,
            panel: <Files files={preview.files} />,
          },
        ]}
      />
    </Panel>
  );
}

function Exhibits({ preview }: { preview: PackPreview }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">What the auditor expects</th>
          <th scope="col">In this pack</th>
        </tr>
      </thead>
      <tbody>
        {preview.exhibits.map(({ title, files, notProvided }) => (
          <tr key={title}>
            <td>{title}</td>
            <td>{notProvided === null ? counted(files, 'file') : `not provided: ${notProvided}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Files({ files }: { files: readonly string[] }) {
  return (
    <ul className="preview-files mono">
      {['data/report.pdf', 'data/pack.json', ...files].map((file) => (
        <li key={file}>{file}</li>
      ))}
    </ul>
  );
}
