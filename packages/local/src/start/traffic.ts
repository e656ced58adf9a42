/**
 * A day at the host, sped up: a new order every few seconds, parcels that arrive, and one of each trouble. Each trouble
 * comes once, so that the screen stays readable.
 */
import type { Doors, OrderName } from './doors.ts';
import { dropImport } from './drop-import.ts';
import type { Host } from './host.ts';
import type { Lazada } from './lazada.ts';
import { fieldScenario, LATE_INVOICE, LATE_NUMBER, type Scenario, smoothScenario } from './scenarios.ts';
import { addOrders } from './seed.ts';

type Actors = { host: Host; lazada: Lazada; imports: string };
type WithDoors = Actors & { doors: Doors };
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

/** So often other systems and people tell something, each by a door of its own: a few times an hour. */
const DOORS_EVERY = 225;
const BY_OTHER_DOORS: Readonly<Record<number, (actors: WithDoors) => Promise<void>>> = {
  6: orderOverHttp,
  10: async ({ doors, ...actors }) => tell(actors, (order) => doors.tellByQueue(order, { status: 'delivered' })),
  13: async ({ doors, ...actors }) => tell(actors, (order) => doors.tellByHttp(order, { status: 'delivered' })),
  19: async ({ doors, ...actors }) =>
    tell(actors, (order) => doors.tellByHttp(order, { status: 'not_delivered', reason: 'nobody at home' })),
  29: releaseByHand,
};

/** `doors`: left out where nobody but the host tells anything. */
export async function takeTurn(turn: number, actors: Actors, doors?: Doors): Promise<void> {
  const byDoor = TROUBLES[turn] ? undefined : BY_OTHER_DOORS[turn % DOORS_EVERY];
  if (doors && byDoor) await byDoor({ ...actors, doors });
  else await (TROUBLES[turn] ?? usual(turn))(actors);
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

/** Its host is no system of ours: Lazada has the order, and the shop's own program puts it here. */
async function orderOverHttp({ lazada, doors }: WithDoors): Promise<void> {
  for (const made of await lazada.addOrders([smoothScenario(0)])) await doors.putByHttp(made);
}

async function tell({ host }: Actors, say: (order: OrderName) => Promise<void>): Promise<void> {
  const order = await host.orderOnItsWay({ keepNth: KEEP_NTH });
  if (order) await say(order);
}

async function releaseByHand({ host, doors }: WithDoors): Promise<void> {
  const order = await host.orderToRelease();
  if (order) await doors.release(order);
}

async function conflict(actors: Actors): Promise<void> {
  for (const orderId of await addOrders(actors, [smoothScenario(0)])) await actors.host.contradict(orderId);
}

/** The host's people type the new password in. */
async function mendPassword({ host, lazada }: Actors): Promise<void> {
  const account = (await lazada.accounts()).find(({ name }) => name === WRONG_PASSWORD_ACCOUNT);
  if (account) await host.setPassword(WRONG_PASSWORD_ACCOUNT, account.sofPassword);
}
