/**
 * A day at the host, sped up: a new order every few seconds, parcels that arrive, and one of each trouble. Each trouble
 * comes once, so that the screen stays readable.
 */
import type { Host } from './host.ts';
import type { Lazada } from './lazada.ts';
import { LATE_INVOICE, LATE_NUMBER, type Story, smoothStory } from './scenarios.ts';
import { addOrders } from './seed.ts';

type Players = { host: Host; lazada: Lazada };
type Happening = (players: Players) => Promise<void>;

/** A turn is so long. */
export const TURN_MS = 4_000;
/** Parcels are on their way for so long. */
const ON_THE_WAY_SECONDS = 12;
/** Every so many-th order is left shipped, for the reader to report. */
const KEEP_NTH = 5;
const WRONG_PASSWORD_ACCOUNT = 'demo-th';

const order =
  (story: Story): Happening =>
  async (players) =>
    void (await addOrders(players, [story]));

/** What happens instead of an ordinary order, by turn. The password is wrong for half a minute, or until the next start. */
const TROUBLES: Readonly<Record<number, Happening>> = {
  0: mendPassword,
  1: order(LATE_NUMBER),
  3: order(LATE_INVOICE),
  5: conflict,
  8: ({ lazada }) => lazada.changePassword(WRONG_PASSWORD_ACCOUNT, 'changed at Lazada, not told here'),
  16: mendPassword,
};

export async function takeTurn(turn: number, players: Players): Promise<void> {
  await (TROUBLES[turn] ?? order(smoothStory(turn)))(players);
  await players.host.markDelivered({ afterSeconds: ON_THE_WAY_SECONDS, keepNth: KEEP_NTH });
}

async function conflict(players: Players): Promise<void> {
  for (const orderId of await addOrders(players, [smoothStory(0)])) await players.host.contradict(orderId);
}

/** The host's people type the new password in. */
async function mendPassword({ host, lazada }: Players): Promise<void> {
  const account = (await lazada.accounts()).find(({ name }) => name === WRONG_PASSWORD_ACCOUNT);
  if (account) await host.setPassword(WRONG_PASSWORD_ACCOUNT, account.sofPassword);
}
