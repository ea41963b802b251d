import type { AccessIssue, PathStep, Principal } from '../types.ts';
import { classify } from './classify.ts';
import type { AzureDirectory, DirectoryObject } from './model.ts';

/** One holder of what a principal id was given: the principal itself, or a member of the group that it is. */
export interface Holder {
  principal: Principal;
  /** Lower-case ids: the holder, and every group that is known to contain it. */
  closure: ReadonlySet<string>;
  /** The groups between the assignment and the holder. */
  steps: readonly PathStep[];
  /** True for a group whose members are unknown: the right is held by whoever is in it. */
  membersUnknown: boolean;
}

const MEMBERS_UNKNOWN = 'members unknown';
/** How the reason of a principal begins that was looked up and does not exist. */
export const NO_LONGER = 'not in the directory any more';

/** Turns principal ids into holders: classifies them and expands groups, nested ones too. */
export class Principals {
  readonly #objects: ReadonlyMap<string, DirectoryObject>;
  readonly #members: ReadonlyMap<string, readonly string[]>;
  readonly #notFound: ReadonlySet<string>;
  readonly #closures = new Map<string, Set<string>>();
  readonly #parents = new Map<string, string[]>();
  readonly #holders = new Map<string, readonly Holder[]>();
  readonly #made = new Map<string, Principal>();
  readonly #issues: AccessIssue[];

  constructor(directory: AzureDirectory | undefined, issues: AccessIssue[]) {
    this.#issues = issues;
    this.#objects = new Map((directory?.objects ?? []).map((object) => [object.id.toLowerCase(), object]));
    this.#notFound = new Set((directory?.notFound ?? []).map((id) => id.toLowerCase()));
    const members = new Map<string, readonly string[]>();
    for (const [group, list] of directory?.members ?? []) {
      members.set(
        group.toLowerCase(),
        list.map((id) => id.toLowerCase()),
      );
      for (const id of list) {
        const parents = this.#parents.get(id.toLowerCase());
        if (parents) parents.push(group.toLowerCase());
        else this.#parents.set(id.toLowerCase(), [group.toLowerCase()]);
      }
    }
    this.#members = members;
  }

  /** Every principal that was named so far, in the order of naming. */
  get named(): readonly Principal[] {
    return [...this.#made.values()];
  }

  /** True when it is known who is in the group. */
  knowsMembers(group: string): boolean {
    return this.#members.has(group.toLowerCase());
  }

  /** True when the id can only be a single principal, so that nobody else can be meant by it. */
  isSingle(id: string, statedType: string | undefined): boolean {
    const type = this.#objects.get(id.toLowerCase())?.type ?? statedType;
    return type !== undefined && /^(user|serviceprincipal)$/i.test(type);
  }

  /** The holders behind an id, each once. */
  holders(id: string, statedType: string | undefined, homeTenant: string | undefined): readonly Holder[] {
    const cacheId = `${id} ${statedType ?? ''} ${homeTenant ?? ''}`;
    let found = this.#holders.get(cacheId);
    if (found === undefined) {
      found = [...this.#expand(id.toLowerCase(), statedType, homeTenant, [], new Set())];
      this.#holders.set(cacheId, found);
    }
    return found;
  }

  *#expand(
    id: string,
    statedType: string | undefined,
    homeTenant: string | undefined,
    steps: readonly PathStep[],
    seen: Set<string>,
  ): Generator<Holder> {
    if (seen.has(id)) return;
    seen.add(id);
    const members = this.#members.get(id);
    if (members === undefined) {
      const principal = this.#principal(id, statedType, homeTenant);
      const membersUnknown = principal.form === 'group' || principal.form === 'foreign-group';
      yield { principal, closure: this.#closure(id), steps, membersUnknown };
      return;
    }
    const name = this.#objects.get(id)?.displayName;
    for (const [i, member] of members.entries()) {
      const step: PathStep = {
        type: 'group',
        id,
        ...(name === undefined ? {} : { name }),
        rawPointer: { document: 'group-members', of: id, path: `/value/${i}` },
      };
      yield* this.#expand(member, undefined, homeTenant, [...steps, step], seen);
    }
  }

  #principal(id: string, statedType: string | undefined, homeTenant: string | undefined): Principal {
    const known = this.#made.get(id);
    if (known !== undefined && (known.form !== 'unresolved' || statedType === undefined)) return known;
    const object = this.#objects.get(id);
    const missing = this.#notFound.has(id);
    const shape = missing
      ? ({
          form: 'unresolved',
          kind: 'unknown',
          kindReason: `${NO_LONGER}${statedType === undefined || statedType === 'Unknown' ? '' : ` (was: ${statedType})`}`,
        } as const)
      : classify(object, statedType, homeTenant);
    const name = object?.userPrincipalName ?? object?.displayName;
    const principal: Principal = {
      id,
      ...(name === undefined ? {} : { name }),
      ...(homeTenant === undefined ? {} : { accountId: homeTenant }),
      ...shape,
    };
    this.#made.set(id, principal);
    const rawPointer = { document: 'group-members', of: id, path: '' } as const;
    if (missing && known === undefined) {
      const message = `principal ${id} is named but no longer in the directory`;
      this.#issues.push({ code: 'principal-orphaned', rawPointer, message });
    }
    if (shape.form === 'group' || shape.form === 'foreign-group') {
      this.#issues.push({ code: 'members-missing', rawPointer, message: `group ${id}: ${MEMBERS_UNKNOWN}` });
    }
    return principal;
  }

  #closure(id: string): ReadonlySet<string> {
    let found = this.#closures.get(id);
    if (found === undefined) {
      found = new Set([id]);
      // A set is walked in order of insertion, also over what is added while walking.
      for (const member of found) for (const parent of this.#parents.get(member) ?? []) found.add(parent);
      this.#closures.set(id, found);
    }
    return found;
  }
}

export { MEMBERS_UNKNOWN };
