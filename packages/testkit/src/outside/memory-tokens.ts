import type { Failure, OpenPlatformTokens, SofLogin, Tokens } from '@lazada-sof/orders';

export type MemoryTokens = Tokens & {
  /** What happened, in words: `read`, `login`, `refresh`. */
  readonly journal: string[];
  /** Throws this instead, as for an account that is parked. */
  refuse: Failure | null;
  /** The same, of a renewal alone. */
  refuseRefresh: Failure | null;
  accessTokenExpiresAt: Date | null;
  cannotBeRenewed: boolean;
};

export type MemoryCredentials = {
  readonly sof: SofLogin;
  readonly app: { readonly appKey: string; readonly appSecret: string };
  readonly pair: Pick<OpenPlatformTokens, 'accessToken' | 'refreshToken'>;
};
const MADE_UP: MemoryCredentials = {
  sof: { username: 'fleet', password: 'hush-password' },
  app: { appKey: '123456', appSecret: 'hush-secret' },
  pair: { accessToken: 'hush-access-1', refreshToken: 'hush-refresh-1' },
};

/** One account's credentials as the database would keep them, without a database. */
export function memoryTokens(journal: string[] = [], { sof, app, pair }: MemoryCredentials = MADE_UP): MemoryTokens {
  let sofToken: string | null = null;
  let platform = pair;
  const held = () => ({
    ...app,
    accessToken: platform.accessToken,
    accessTokenExpiresAt: tokens.accessTokenExpiresAt,
    ...(tokens.cannotBeRenewed && { cannotBeRenewed: true as const }),
  });
  const tokens: MemoryTokens = {
    journal,
    refuse: null,
    refuseRefresh: null,
    accessTokenExpiresAt: null,
    cannotBeRenewed: false,
    async openPlatform() {
      journal.push('read');
      if (tokens.refuse) throw tokens.refuse;
      return held();
    },
    async renewOpenPlatform(_accountId, refused, refresh) {
      if (tokens.refuse) throw tokens.refuse;
      if (platform.accessToken !== refused) return held();
      if (tokens.refuseRefresh) throw tokens.refuseRefresh;
      journal.push('refresh');
      const renewed = await refresh({ ...app, refreshToken: platform.refreshToken });
      platform = renewed;
      tokens.accessTokenExpiresAt = renewed.accessTokenExpiresAt;
      return held();
    },
    async sof(_accountId, login, refused) {
      journal.push('read');
      if (tokens.refuse) throw tokens.refuse;
      if (sofToken === null || sofToken === refused) {
        journal.push('login');
        sofToken = (await login(sof)).token;
      }
      return sofToken;
    },
  };
  return tokens;
}
