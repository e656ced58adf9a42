/** Who asks, and whether they may. */
import { type Role, SCOPES_OF_ROLE, type Scope } from '@lazada-sof/db';

/** Another system with its key, or a person who signed in. */
export type Asker =
  | { readonly kind: 'key'; readonly name: string; readonly scopes: readonly Scope[] }
  | { readonly kind: 'person'; readonly name: string; readonly role: Role };

/**
 * `open`: anybody. `person`: whoever signed in. `person:…`: a person with that scope. `nobody`: what a package of others would
 * do to our queues. Else the scope that is needed.
 */
export type Access = 'open' | 'nobody' | 'person' | Scope | `person:${Scope}`;

/** Null: the asker may. Else why not, in words. `admin` holds every other scope. */
export function whyForbidden(asker: Asker, access: Exclude<Access, 'open'>): string | null {
  if (access === 'nobody') {
    return 'Nobody does this here, whatever their role: a job may be all that there is of what another system told us.';
  }
  if (isForPeople(access) && asker.kind !== 'person') {
    return 'This is for people who signed in; an API key does not open it.';
  }
  const scope = access.replace(/^person:?/, '');
  const scopes: readonly string[] = asker.kind === 'key' ? asker.scopes : SCOPES_OF_ROLE[asker.role];
  if (scope === '' || scopes.includes(scope) || scopes.includes('admin')) return null;
  return `This needs the scope ${scope}; ${asker.kind} ${asker.name} has ${scopes.join(', ') || 'none'}.`;
}

export const isForPeople = (access: Access): boolean => access.startsWith('person');
