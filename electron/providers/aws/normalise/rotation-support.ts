/** Whether and how a key can be rotated automatically, and why. */
export interface RotationSupport {
  support: 'automatic' | 'manual' | 'with-primary' | 'provider';
  why: string;
}

/** What decides it, as DescribeKey gives it. */
export interface RotationFacts {
  manager: string | null;
  spec: string | null;
  usage: string | null;
  origin: string | null;
  multiRegionType: string | null;
  primaryArn: string | null;
}

/**
 * Automatic rotation is for customer managed symmetric encryption keys whose material KMS made. Everything else is
 * rotated by hand, by the primary of a multi-Region key, or by AWS. KMS Developer Guide, "Rotating AWS KMS keys".
 */
export function rotationSupport(key: RotationFacts): RotationSupport {
  if (key.manager === 'AWS') {
    return {
      support: 'provider',
      why: 'AWS managed key: AWS rotates it every year, customers cannot change that',
    };
  }
  // SYMMETRIC_DEFAULT has no other usage than encryption, so the spec decides alone.
  if (key.spec !== 'SYMMETRIC_DEFAULT') {
    return {
      support: 'manual',
      why: `key spec ${key.spec ?? 'unknown'} with usage ${key.usage ?? 'unknown'}: AWS KMS rotates only symmetric encryption keys automatically`,
    };
  }
  if (key.origin === 'EXTERNAL') {
    return { support: 'manual', why: 'imported key material: AWS KMS cannot make new material for it' };
  }
  if (key.origin !== 'AWS_KMS') {
    return {
      support: 'manual',
      why: `key material in a custom key store (${key.origin ?? 'origin unknown'}): AWS KMS cannot rotate it`,
    };
  }
  if (key.multiRegionType === 'REPLICA') {
    return {
      support: 'with-primary',
      why: `multi-Region replica: rotated together with its primary ${key.primaryArn ?? ''}`.trimEnd(),
    };
  }
  return { support: 'automatic', why: 'symmetric encryption key with material made by AWS KMS' };
}
