import { useState } from 'react';
import { FileField } from '../files/file-field.tsx';
import { isDay } from '../ui/day.ts';
import { DayField } from '../ui/day-field.tsx';
import { TextField } from '../ui/field.tsx';

/** What is entered about a document that somebody approved. */
export interface DocumentDraft {
  path: string;
  title: string;
  version: string;
  approver: string;
  approvedAt: string;
  nextReview: string;
}

export function useDocumentDraft(title: string) {
  const [draft, setDraft] = useState<DocumentDraft>({
    path: '',
    title,
    version: '',
    approver: '',
    approvedAt: '',
    nextReview: '',
  });
  return [
    draft,
    (change: Partial<DocumentDraft>) => setDraft((before) => ({ ...before, ...change })),
  ] as const;
}

/** Whether a document is named and its days are days. */
export function isDocument({ path, title, version, approvedAt, nextReview }: DocumentDraft): boolean {
  return (
    [path, title, version].every((text) => text.trim() !== '') &&
    [approvedAt, nextReview].every((day) => day === '' || isDay(day))
  );
}

/** The draft as the contract takes it: what was left empty is not stated. */
export function documentOf({ path, title, version, approver, approvedAt, nextReview }: DocumentDraft) {
  return {
    path: path.trim(),
    title: title.trim(),
    version: version.trim(),
    approver: approver.trim() || null,
    approvedAt: approvedAt || null,
    nextReview: nextReview || null,
  };
}

/** A document, its version, who approved it and when it is due again. */
export function DocumentFields({
  draft,
  onChange,
  choose,
}: {
  draft: DocumentDraft;
  onChange: (change: Partial<DocumentDraft>) => void;
  /** Title of the question for the file. */
  choose: string;
}) {
  return (
    <>
      <FileField
        label="Document"
        value={draft.path}
        onPath={(path) => onChange({ path })}
        question={{ kind: 'open', title: choose, extensions: ['pdf', 'docx', 'md'] }}
      />
      <div className="form-grid">
        <TextField label="Title" value={draft.title} onText={(title) => onChange({ title })} />
        <TextField label="Version" value={draft.version} onText={(version) => onChange({ version })} />
        <TextField
          label="Approved by"
          hint="May be left empty."
          value={draft.approver}
          onText={(approver) => onChange({ approver })}
        />
        <DayField
          label="Approved on"
          hint="May be left empty."
          value={draft.approvedAt}
          onDay={(approvedAt) => onChange({ approvedAt })}
        />
        <DayField
          label="Next review"
          hint="May be left empty."
          value={draft.nextReview}
          onDay={(nextReview) => onChange({ nextReview })}
        />
      </div>
    </>
  );
}
