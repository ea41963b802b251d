import {
  Ban,
  Circle,
  CircleAlert,
  CircleCheck,
  CircleHelp,
  FileQuestionMark,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';

/** The five answers a test of a control can give. */
export type TestResult = 'pass' | 'exception' | 'undetermined' | 'evidence-required' | 'not-applicable';

interface Look {
  word: string;
  /** What it means for the evidence. */
  meaning: string;
  icon: LucideIcon;
}

export const RESULT_LOOKS: Record<TestResult, Look> = {
  pass: {
    word: 'No exception',
    meaning: 'The procedure found no exception.',
    icon: CircleCheck,
  },
  exception: {
    word: 'Exception',
    meaning: 'The procedure found something that differs from what the policy asks for.',
    icon: CircleAlert,
  },
  undetermined: {
    word: 'Undetermined',
    meaning: 'It could not be answered: something could not be read. This is not a finding.',
    icon: CircleHelp,
  },
  'evidence-required': {
    word: 'Evidence required',
    meaning: 'No provider can answer this: a document or a declaration is needed.',
    icon: FileQuestionMark,
  },
  'not-applicable': {
    word: 'Not applicable',
    meaning: 'The test does not apply to this subject.',
    icon: Ban,
  },
};

/** The order in which results are listed: what needs attention first. */
export const RESULT_ORDER: readonly TestResult[] = [
  'exception',
  'undetermined',
  'evidence-required',
  'pass',
  'not-applicable',
];

/** A result of a test: word, shape and colour together. */
export function ResultBadge({ result, short = false }: { result: TestResult; short?: boolean }) {
  const { word, icon: Icon } = RESULT_LOOKS[result];
  return (
    <span className="badge" data-tone={result} title={RESULT_LOOKS[result].meaning}>
      <Icon size={14} aria-hidden />
      {short ? <span className="visually-hidden">{word}</span> : word}
    </span>
  );
}

export type Tone = TestResult | 'plain' | 'sample';

/** A state in a word. */
export function Badge({
  tone = 'plain',
  icon: Icon,
  children,
}: {
  tone?: Tone;
  icon?: LucideIcon;
  children: ReactNode;
}) {
  const Shown = Icon ?? Circle;
  return (
    <span className="badge" data-tone={tone}>
      {Icon && <Shown size={14} aria-hidden />}
      {children}
    </span>
  );
}
