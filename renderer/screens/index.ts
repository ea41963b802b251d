import {
  Activity,
  Building2,
  CloudDownload,
  Dices,
  ClipboardCheck,
  FileCheck2,
  FileDiff,
  FileText,
  Home,
  KeyRound,
  ListChecks,
  Package,
  Plug,
  ScrollText,
  Settings,
  UserCheck,
  UsersRound,
  type LucideIcon,
} from 'lucide-react';
import type { ComponentType } from 'react';
import { AccessScreen } from './access/access-screen.tsx';
import { ActivityScreen } from './activity/activity-screen.tsx';
import { ApprovalsScreen } from './approvals/approvals-screen.tsx';
import { CollectScreen } from './collect/collect-screen.tsx';
import { CompareScreen } from './compare/compare-screen.tsx';
import { EngagementScreen } from './engagement/engagement-screen.tsx';
import { NewEngagementScreen } from './engagement/new-engagement-screen.tsx';
import { KeysScreen } from './keys/keys-screen.tsx';
import { LogsScreen } from './logs/logs-screen.tsx';
import { PackScreen } from './pack/pack-screen.tsx';
import { ProcedureScreen } from './procedure/procedure-screen.tsx';
import { ReviewScreen } from './review/review-screen.tsx';
import { SamplesScreen } from './samples/samples-screen.tsx';
import { SettingsScreen } from './settings/settings-screen.tsx';
import { SourcesScreen } from './sources/sources-screen.tsx';
import { StartScreen } from './start/start-screen.tsx';
import { TestsScreen } from './tests/tests-screen.tsx';
import { VerifyScreen } from './verify/verify-screen.tsx';

export interface ScreenEntry {
  id: string;
  label: string;
  icon: LucideIcon;
  group: 'home' | 'prepare' | 'evidence' | 'records' | 'result' | 'app';
  /** What must be there for it to show anything. */
  needs: 'nothing' | 'engagement' | 'snapshot';
  /** Pressed after `g` goes there. */
  letter: string | null;
  inRail: boolean;
  Component: ComponentType;
}

export const GROUPS: readonly { id: ScreenEntry['group']; label: string }[] = [
  { id: 'home', label: '' },
  { id: 'prepare', label: 'Prepare' },
  { id: 'evidence', label: 'Evidence' },
  { id: 'records', label: 'Records' },
  { id: 'result', label: 'Result' },
  { id: 'app', label: '' },
];

const screen = (
  group: ScreenEntry['group'],
  needs: ScreenEntry['needs'],
  id: string,
  label: string,
  icon: LucideIcon,
  letter: string | null,
  Component: ComponentType,
  inRail = true,
): ScreenEntry => ({ id, label, icon, group, needs, letter, inRail, Component });

/** Every screen, in the order of the work. The first is shown when the address names none. */
export const SCREENS: readonly ScreenEntry[] = [
  screen('home', 'nothing', 'start', 'Start', Home, 'h', StartScreen),
  screen('home', 'nothing', 'new', 'New engagement', Building2, null, NewEngagementScreen, false),
  screen('prepare', 'engagement', 'engagement', 'Engagement', Building2, 'e', EngagementScreen),
  screen('prepare', 'engagement', 'sources', 'Sources', Plug, 's', SourcesScreen),
  screen('prepare', 'engagement', 'collect', 'Collect', CloudDownload, 'c', CollectScreen),
  screen('evidence', 'snapshot', 'tests', 'Tests', ListChecks, 't', TestsScreen),
  screen('evidence', 'snapshot', 'keys', 'Keys', KeyRound, 'k', KeysScreen),
  screen('evidence', 'snapshot', 'access', 'Access', UsersRound, 'a', AccessScreen),
  screen('evidence', 'snapshot', 'logs', 'Logs', ScrollText, 'l', LogsScreen),
  screen('records', 'snapshot', 'procedure', 'Procedure', FileText, 'o', ProcedureScreen),
  screen('records', 'snapshot', 'approvals', 'Approved access', UserCheck, 'b', ApprovalsScreen),
  screen('records', 'snapshot', 'review', 'Review', ClipboardCheck, 'r', ReviewScreen),
  screen('records', 'snapshot', 'samples', 'Samples', Dices, 'm', SamplesScreen),
  screen('records', 'snapshot', 'compare', 'Compare', FileDiff, 'd', CompareScreen),
  screen('result', 'snapshot', 'pack', 'Pack', Package, 'p', PackScreen),
  screen('result', 'nothing', 'verify', 'Verify', FileCheck2, 'v', VerifyScreen),
  screen('app', 'engagement', 'activity', 'Activity', Activity, 'y', ActivityScreen),
  screen('app', 'nothing', 'settings', 'Settings', Settings, ',', SettingsScreen),
];
