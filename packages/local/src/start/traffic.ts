/**
 * A day at the host, sped up: a new order every few seconds, parcels that arrive, and one of each trouble. Each trouble
 * comes once, so that the screen stays readable.
 */
import { dropImport } from './drop-import.ts';
import type { Host } from './host.ts';
import type { Lazada } from './lazada.ts';
import { fieldScenario, LATE_INVOICE, LATE_NUMBER, type Scenario, smoothScenario } from './scenarios.ts';
import { addOrders } from './seed.ts';

type Actors = { host: Host; lazada: Lazada; imports: string };
type DemoEvent = (actors: Actors) => Promise<void>;

/** A turn is so long. */
export const TURN_MS = 4_000;
/** Parcels are on their way for so long. */
const ON_THE_WAY_SECONDS = 12;
/** Every so many-th order is left shipped, for the reader to report. */
const KEEP_NTH = 5;
const WRONG_PASSWORD_ACCOUNT = 'demo-th';

const order =
  (scenario: Scenario): DemoEvent =>
  async (actors) =>
    void (await addOrders(actors, [scenario]));

/** Every so many-th order ends as Lazada has been seen to write it in the field. */
const FIELD_NTH = 10;
const FIRST_FIELD = 7;

/** Every so many-th order goes with DHL, which says after a while that it has arrived. */
const DHL_NTH = 10;
const FIRST_DHL = 4;
const WITH_DHL_SECONDS = 15;

/** What happens instead of an ordinary order, by turn. The password is wrong for half a minute, or until the next start. */
const TROUBLES: Readonly<Record<number, DemoEvent>> = {
  0: mendPassword,
  1: order(LATE_NUMBER),
  3: order(LATE_INVOICE),
  5: conflict,
  8: ({ lazada }) => lazada.changePassword(WRONG_PASSWORD_ACCOUNT, 'changed at Lazada, not told here'),
  16: mendPassword,
};

export async function takeTurn(turn: number, actors: Actors): Promise<void> {
  await (TROUBLES[turn] ?? usual(turn))(actors);
  if (turn % FILE_NTH === FIRST_FILE) await dropFile(actors);
  await actors.host.markDelivered({ afterSeconds: ON_THE_WAY_SECONDS, keepNth: KEEP_NTH });
}

/** A clerk drops a file of what has arrived, now and then. */
const FILE_NTH = 20;
const FIRST_FILE = 12;
const ROWS_OF_FILE = 2;

async function dropFile({ host, imports }: Actors): Promise<void> {
  const arrived = await host.onTheWay({ most: ROWS_OF_FILE, keepNth: KEEP_NTH });
  if (arrived.length > 0) await dropImport(imports, arrived);
}

const usual = (turn: number): DemoEvent => (turn % DHL_NTH === FIRST_DHL ? byDhl : order(scenarioOf(turn)));

async function byDhl(actors: Actors): Promise<void> {
  for (const orderId of await addOrders(actors, [smoothScenario(0)])) {
    const number = `00340434${orderId.padStart(12, '0')}`;
    await actors.lazada.dhlDelivers(number, new Date(Date.now() + WITH_DHL_SECONDS * 1_000));
    await actors.host.giveToDhl(orderId, number);
  }
}

const scenarioOf = (turn: number): Scenario =>
  turn % FIELD_NTH === FIRST_FIELD ? fieldScenario((turn - FIRST_FIELD) / FIELD_NTH) : smoothScenario(turn);

async function conflict(actors: Actors): Promise<void> {
  for (const orderId of await addOrders(actors, [smoothScenario(0)])) await actors.host.contradict(orderId);
}

/** The host's people type the new password in. */
async function mendPassword({ host, lazada }: Actors): Promise<void> {
  const account = (await lazada.accounts()).find(({ name }) => name === WRONG_PASSWORD_ACCOUNT);
  if (account) await host.setPassword(WRONG_PASSWORD_ACCOUNT, account.sofPassword);
}
