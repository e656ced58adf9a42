export type SofPaths = { readonly authPath: string; readonly statusPath: string };

export const DEFAULT_SOF_PATHS: SofPaths = { authPath: '/api/auth', statusPath: '/api/statuses/' };
