/** What may be allowed, and to whom. */
export const SCOPES = ['orders:read', 'orders:write', 'imports:write', 'accounts:write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
export const ROLES = ['viewer', 'clerk', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];
/** A role of people is a named set of scopes. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['orders:read'],
  clerk: ['orders:read', 'imports:write'],
  operator: ['orders:read', 'imports:write', 'orders:write'],
  admin: SCOPES,
};

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
export const isRole = (text: string): text is Role => ROLES.some((role) => role === text);
