import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { Button, CloseButton } from './button.tsx';

interface Props {
  open: boolean;
  onOpen: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons at its foot. */
  foot?: ReactNode;
  /** side: a drawer along the right edge for reading beside the screen. */
  place?: 'middle' | 'wide' | 'side';
}

/** A dialog over the screen; Escape closes it and focus returns to where it came from. */
export function Dialog({ open, onOpen, title, description, children, foot, place = 'middle' }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpen(next)}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className={`dialog dialog-${place}`}>
          <header className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close render={<CloseButton label="Close" />} />
          </header>
          {description && <Base.Description className="dialog-description">{description}</Base.Description>}
          <div className="dialog-body">{children}</div>
          {foot && <footer className="dialog-foot">{foot}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm({
  open,
  onOpen,
  title,
  children,
  action,
  onConfirm,
  danger = false,
}: {
  open: boolean;
  onOpen: (open: boolean) => void;
  title: string;
  children: ReactNode;
  action: string;
  onConfirm: () => void;
  danger?: boolean;
}) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => onOpen(next)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="scrim" />
        <AlertDialog.Popup className="dialog dialog-middle">
          <header className="dialog-head">
            <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          </header>
          <AlertDialog.Description className="dialog-body" render={<div />}>
            {children}
          </AlertDialog.Description>
          <footer className="dialog-foot">
            <AlertDialog.Close render={<Button>Keep it</Button>} />
            <Button
              look={danger ? 'danger' : 'primary'}
              onClick={() => {
                onOpen(false);
                onConfirm();
              }}
            >
              {action}
            </Button>
          </footer>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
