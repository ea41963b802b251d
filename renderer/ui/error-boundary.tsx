import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { ErrorState } from './states.tsx';

interface Props {
  place: string;
  children: ReactNode;
}

/** Keeps a fault in one panel from taking the others with it. */
export class ErrorBoundary extends Component<Props, { fault: unknown }> {
  override state = { fault: null as unknown };

  static getDerivedStateFromError(fault: unknown) {
    return { fault };
  }

  override render() {
    if (this.state.fault === null) return this.props.children;
    return (
      <ErrorState
        what={`Cannot show ${this.props.place}`}
        error={this.state.fault}
        effect="This is a fault of the window. Nothing in the engagement was changed by it."
        actions={<Button onClick={() => this.setState({ fault: null })}>Show it again</Button>}
      />
    );
  }
}
