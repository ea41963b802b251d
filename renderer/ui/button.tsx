import { Button as Base } from '@base-ui/react/button';
import { X, type LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Hint } from './tooltip.tsx';

interface Props extends Omit<ComponentProps<typeof Base>, 'className'> {
  /** primary: the one thing this screen is for. quiet: among other content. danger: cannot be taken back. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: LucideIcon;
  busy?: boolean;
  children: ReactNode;
}

/** A button with words. While busy it keeps its place and focus and cannot be pressed again. */
export function Button({ look = 'plain', icon: Icon, busy = false, children, disabled, ...rest }: Props) {
  return (
    <Base
      type="button"
      className={classNames('button', `button-${look}`)}
      disabled={disabled === true || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {Icon && <Icon size={15} aria-hidden />}
      <span>{children}</span>
    </Base>
  );
}

interface IconProps extends Omit<ComponentProps<typeof Base>, 'className' | 'children'> {
  icon: LucideIcon;
  /** What it does; also shown as a hint. */
  label: string;
  pressed?: boolean;
}

/** Closes what it stands in. No hint: it would take the first Escape. */
export function CloseButton({ label, ...rest }: Omit<IconProps, 'icon' | 'pressed'>) {
  return (
    <Base type="button" className="icon-button" aria-label={label} {...rest}>
      <X size={16} aria-hidden />
    </Base>
  );
}

/** A button that is only a picture; its words are the hint and the accessible name. */
export function IconButton({ icon: Icon, label, pressed, ...rest }: IconProps) {
  return (
    <Hint text={label}>
      <Base type="button" className="icon-button" aria-label={label} aria-pressed={pressed} {...rest}>
        <Icon size={16} aria-hidden />
      </Base>
    </Hint>
  );
}
