import type { ReadableDb } from '../../db/handle.ts';
import { iterateInventory } from '../../db/derived/inventory.ts';
import { currentEngagement } from '../engagement/current.ts';
import { onlyManagement } from './mode.ts';
import { SYSTEMS, systemsInUse } from './procedure.ts';
import { scheduleFinder } from './rotation.ts';

/** A procedure as headings, paragraphs and lists: what both formats are made from. */
export interface Template {
  title: string;
  sections: { heading: string; paragraphs: string[]; items: string[] }[];
}

/** How each system creates, rotates, revokes and deletes keys, with the page that says so. */
const HOW: Readonly<
  Record<string, { create: string; rotate: string; revoke: string; delete: string; source: string }>
> = {
  aws: {
    create:
      'AWS KMS: CreateKey, with key policy, tags (owner, system, data class) and alias set in the same change.',
    rotate:
      'AWS KMS: EnableKeyRotation for symmetric keys made by AWS KMS (every 90 to 2560 days, 365 by default), RotateKeyOnDemand besides. Asymmetric, HMAC and custom-store keys: a new key, then UpdateAlias.',
    revoke: 'AWS KMS: DisableKey stops all use; RevokeGrant and PutKeyPolicy take a right from somebody.',
    delete:
      'AWS KMS: ScheduleKeyDeletion with a waiting period of 7 to 30 days, after DisableKey and a look at the key’s last use; CancelKeyDeletion takes it back.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/',
  },
  azure: {
    create:
      'Azure Key Vault: create the key in a vault with purge protection, with tags; RSA 2048 or stronger, or EC.',
    rotate:
      'Azure Key Vault: a rotation policy on the key (Rotate, after a time or before expiry); Rotate now on demand.',
    revoke:
      'Azure Key Vault: set enabled to false on the key version; remove the role assignment or the access policy.',
    delete:
      'Azure Key Vault: delete, which soft delete keeps for 7 to 90 days; purge is not allowed under purge protection.',
    source: 'https://learn.microsoft.com/azure/key-vault/keys/',
  },
  vault: {
    create:
      'HashiCorp Vault: write transit/keys/NAME of an approved type, not exportable, deletion_allowed=false.',
    rotate:
      'HashiCorp Vault: auto_rotate_period on the key, or write transit/keys/NAME/rotate; then raise min_decryption_version.',
    revoke:
      'HashiCorp Vault: take the path out of the policy, revoke tokens and leases; raise min_encryption_version.',
    delete: 'HashiCorp Vault: set deletion_allowed=true by a second person, delete, and keep the record.',
    source: 'https://developer.hashicorp.com/vault/docs/secrets/transit',
  },
};

/**
 * A procedure to be edited by the Engineering Lead, filled from the inventory and from what each system in use can do.
 *
 * @throws ReviewError INDEPENDENCE in a service auditor's engagement.
 */
export function procedureTemplate(db: ReadableDb, snapshot: string): Template {
  onlyManagement(db, 'write a procedure for the client', 'Attach the procedure that the client gave');
  const { client, parameters } = currentEngagement(db);
  const systems = systemsInUse(db, snapshot).filter((id) => HOW[id]);
  const steps = (step: 'create' | 'rotate' | 'revoke' | 'delete') => systems.map((id) => HOW[id]![step]);
  const inventory = [...iterateInventory(db, snapshot)];
  const schedule = scheduleFinder(db, snapshot);
  const byHand = inventory.flatMap(({ key }) => {
    const found = schedule(key);
    return found
      ? [`${key}: every ${found.value.everyDays} days by ${found.value.performer} (${found.value.reason})`]
      : [];
  });
  const owners = Map.groupBy(inventory, (row) => row.owner ?? 'no owner on record');
  return {
    title: `Key management procedure of ${client}`,
    sections: [
      {
        heading: 'About this document',
        paragraphs: [
          'Draft, filled from the key inventory. Parts in [brackets] are to be completed by the Engineering Lead; remove what does not apply.',
        ],
        items: [
          'Version: [1.0]',
          'Approved by: [name, role]',
          'Approved on: [date]',
          'Next review: [date, at most one year later]',
          'Kept in: [repository]',
        ],
      },
      {
        heading: 'Systems and scope',
        paragraphs: [
          `Keys are kept in ${systems.map((id) => SYSTEMS[id]!.name).join(', ') || '[system]'}. The inventory holds ${inventory.length} keys.`,
        ],
        items: [...owners]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([owner, rows]) => `${owner}: ${rows.length} ${rows.length === 1 ? 'key' : 'keys'}`),
      },
      {
        heading: 'How keys are created',
        paragraphs: [
          `A key is created on an approved change ([ticket system]), with an owner and a deputy in the inventory, and with an approved algorithm (${parameters.approvedAlgorithms.value.join(', ')}).`,
        ],
        items: steps('create'),
      },
      {
        heading: 'How keys are rotated',
        paragraphs: [
          `Keys are rotated at least every ${parameters.rotationDays.value} days. Where automation is impossible, the rotation is done by hand, recorded with its performer and evidence.`,
        ],
        items: [...steps('rotate'), ...byHand],
      },
      {
        heading: 'How access to keys is revoked, and keys are disabled',
        paragraphs: [
          'Access ends on the day that somebody leaves or a system is retired. A key that may be compromised is disabled at once by [role], and replaced.',
        ],
        items: steps('revoke'),
      },
      {
        heading: 'How keys are deleted',
        paragraphs: [
          'A key is deleted only after its owner confirmed that no data under it is needed, and after a waiting period.',
        ],
        items: steps('delete'),
      },
      {
        heading: 'Logging and review',
        paragraphs: [
          `Use and changes of keys are logged and kept for ${parameters.logRetentionDays.value} days. Access, rotation and logging are reviewed every year by [Security Analyst], who signs the review.`,
        ],
        items: [],
      },
      {
        heading: 'Sources',
        paragraphs: [],
        items: systems.map((id) => `${SYSTEMS[id]!.name}: ${HOW[id]!.source}`),
      },
    ],
  };
}

/** The template as Markdown. */
export function templateMarkdown({ title, sections }: Template): string {
  const parts = sections.map(({ heading, paragraphs, items }) =>
    [`## ${heading}`, ...paragraphs, items.map((item) => `- ${item}`).join('\n')]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return `# ${title}\n\n${parts.join('\n\n')}\n`;
}

/** The template as a Word document (ECMA-376). */
export async function templateDocx({ title, sections }: Template): Promise<Buffer> {
  const { Document, HeadingLevel, Packer, Paragraph } = await import('docx');
  const children = [
    new Paragraph({ text: title, heading: HeadingLevel.TITLE }),
    ...sections.flatMap(({ heading, paragraphs, items }) => [
      new Paragraph({ text: heading, heading: HeadingLevel.HEADING_1 }),
      ...paragraphs.map((text) => new Paragraph({ text })),
      ...items.map((text) => new Paragraph({ text, bullet: { level: 0 } })),
    ]),
  ];
  return Packer.toBuffer(new Document({ title, creator: 'Keywitness', sections: [{ children }] }));
}
