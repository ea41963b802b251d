import { useState } from 'react';
import type { SignerInfo } from '../../electron/api/pack.ts';
import { invoke } from '../client/query.ts';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/facts.tsx';
import { counted, utcDay } from '../ui/format.ts';
import { Identifier } from '../ui/identifier.tsx';
import { ErrorState, Partial } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { isNamed, signerOf, type SignerDraft } from './signer-draft.ts';

/** Opens the signer on request and shows its certificate: whose it is, who issued it, how long it holds, where its key is. */
export function SignerCard({ draft }: { draft: SignerDraft }) {
  const [shown, setShown] = useState<({ info: SignerInfo } | { error: unknown }) & { of: string }>();
  const [busy, setBusy] = useState(false);
  const of = JSON.stringify({ ...draft, secret: '' });
  const look = async () => {
    setBusy(true);
    try {
      setShown({ info: await invoke('pack.signer', { signer: signerOf(draft) }), of });
    } catch (error) {
      setShown({ error, of });
    } finally {
      setBusy(false);
    }
  };
  // What was shown of another choice says nothing about this one.
  const current = shown?.of === of ? shown : null;
  return (
    <>
      <div>
        <Button disabled={!isNamed(draft)} busy={busy} onClick={() => void look()}>
          Show the certificate
        </Button>
      </div>
      {current && 'error' in current && (
        <ErrorState what="Cannot open the signer" error={current.error} effect="Nothing was signed." />
      )}
      {current && 'info' in current && <Certificate info={current.info} />}
    </>
  );
}

const WARN_MS = 30 * 24 * 60 * 60 * 1000;

function Certificate({ info }: { info: SignerInfo }) {
  // The clock is read once, when the signer is shown.
  const [now] = useState(() => Date.now());
  const left = Date.parse(info.notAfter) - now;
  return (
    <>
      {left <= 0 && (
        <Partial>
          This certificate expired on {utcDay(info.notAfter)}: validators will refuse its signature.
        </Partial>
      )}
      {left > 0 && left < WARN_MS && (
        <Partial>
          This certificate ends on {utcDay(info.notAfter)}. With a timestamp the signature holds beyond that
          day.
        </Partial>
      )}
      <Facts
        facts={[
          { label: 'Subject', value: info.subject },
          {
            label: 'Issuer',
            value: info.issuer === info.subject ? `${info.issuer} (self-signed)` : info.issuer,
          },
          { label: 'Valid from', value: <Time at={info.notBefore} /> },
          { label: 'Valid to', value: <Time at={info.notAfter} /> },
          { label: 'Key', value: info.key },
          { label: 'Certificate SHA-256', value: <Identifier value={info.fingerprint} /> },
          { label: 'Chain', value: counted(info.certificates, 'certificate') },
        ]}
      />
    </>
  );
}
