/** A seller's account and its tokens. */
import type { Account, Country, Token } from './model.ts';
import type { World } from './world.ts';

const DAY = 86_400;

export type NewAccount = {
  [Key in 'sellerId' | 'name' | 'appKey' | 'appSecret' | 'sofUsername' | 'sofPassword']?: string | undefined;
} & {
  country?: Country | undefined;
  lifetimes?: { [Key in keyof Account['lifetimes']]?: number | undefined } | undefined;
  refreshEndsAccess?: boolean | undefined;
  allocateType?: Account['allocateType'] | undefined;
  providers?: Account['providers'] | undefined;
  retiredCalls?: boolean | undefined;
  alsoIn?: Country[] | undefined;
};

/** Makes the account with a first pair of tokens; what is not given is invented. */
export function addAccount(world: World, given: NewAccount): Account {
  const { ids } = world;
  const sellerId = given.sellerId ?? ids.sellerId();
  refuseDuplicates(world, { ...given, sellerId });
  const account: Account = {
    sellerId,
    name: given.name ?? `shop-${sellerId.slice(-4)}`,
    country: given.country ?? 'SG',
    appKey: given.appKey ?? `10${sellerId.slice(-6)}`,
    appSecret: given.appSecret ?? world.appSecret(given.appKey ?? '') ?? ids.secret('app'),
    sofUsername: given.sofUsername ?? `sof-${sellerId}`,
    sofPassword: given.sofPassword ?? ids.secret('password'),
    lifetimes: { accessSeconds: 30 * DAY, refreshSeconds: 180 * DAY, sofSeconds: 300 },
    refreshEndsAccess: given.refreshEndsAccess ?? false,
    allocateType: given.allocateType ?? 'TFS',
    providers: given.providers ?? [{ name: 'Seller Own Fleet', code: 'SOF' }],
    retiredCalls: given.retiredCalls ?? false,
    alsoIn: given.alsoIn ?? [],
    accessTokens: [],
    refreshTokens: [],
    sofTokens: [],
    codes: [],
  };
  for (const [key, seconds] of Object.entries(given.lifetimes ?? {}))
    if (seconds !== undefined) account.lifetimes[key as keyof Account['lifetimes']] = seconds;
  world.accounts.set(sellerId, account);
  issueTokens(world, account);
  return account;
}

/** What an account is found by belongs to one account; an app may have several, all with its one secret. */
function refuseDuplicates(world: World, { sellerId, name, sofUsername, appKey, appSecret }: NewAccount): void {
  if (world.account(sellerId ?? '')) throw new Error(`account ${sellerId} exists already`);
  if (world.account(name ?? '')) throw new Error(`account ${name} exists already`);
  if (world.bySofUsername(sofUsername ?? '')) throw new Error(`SOF user ${sofUsername} exists already`);
  const known = world.appSecret(appKey ?? '');
  if (appSecret && known && known !== appSecret) throw new Error(`app ${appKey} has another secret already`);
}

/** Both tokens of the Open Platform, new. */
export function issueTokens(world: World, account: Account): { access: Token; refresh: Token } {
  const access = issue(world, account.accessTokens, 'access', account.lifetimes.accessSeconds);
  const refresh = issue(world, account.refreshTokens, 'refresh', account.lifetimes.refreshSeconds);
  return { access, refresh };
}

/** An authorisation code: good for half an hour, once. */
export function issueCode(world: World, account: Account): Token {
  return issue(world, account.codes, 'code', 1800);
}

/** Keeps a token under a value that the caller made. */
export function keepToken(world: World, kept: Token[], value: string, seconds: number): Token {
  const token = { value, expiresAt: world.now() + seconds * 1000, spent: false, revoked: false };
  kept.push(token);
  return token;
}

/** Ends every token of these kinds now, as asked by a control call. */
export function endTokens(account: Account, kinds: readonly ('accessTokens' | 'refreshTokens' | 'sofTokens')[]): void {
  for (const kind of kinds) for (const token of account[kind]) token.revoked = true;
}

export function isOver(world: World, token: Token): boolean {
  return token.revoked || token.expiresAt <= world.now();
}

function issue(world: World, kept: Token[], kind: string, seconds: number): Token {
  return keepToken(world, kept, world.ids.secret(kind), seconds);
}
