import { Toast } from '@base-ui/react/toast';
import { CloseButton } from './button.tsx';

const manager = Toast.createToastManager();

/** Says in a corner that something the operator asked for is done, or that it is not and why. */
export function notify(title: string, description?: string, kind: 'done' | 'failed' = 'done'): void {
  manager.add({
    title,
    ...(description === undefined ? {} : { description }),
    type: kind,
    // A failure stays until it was read.
    timeout: kind === 'failed' ? 0 : 5000,
    priority: kind === 'failed' ? 'high' : 'low',
  });
}

/** Where {@link notify} shows. Mounted once. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className="toasts" aria-label="Messages">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" data-kind={toast.type}>
      <Toast.Content className="toast-content">
        <div>
          <Toast.Title className="toast-title" />
          <Toast.Description className="toast-description" />
        </div>
        <Toast.Close render={<CloseButton label="Dismiss" />} />
      </Toast.Content>
    </Toast.Root>
  ));
}
