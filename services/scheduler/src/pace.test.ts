import { describe, expect, test } from '@jest/globals';
import { anAccount } from '@lazada-sof/orders/fixture';
import { createPace } from './pace.ts';
import { type Rates, type Work, workOf } from './work.ts';

const HOUR = 3_600_000;
const account = anAccount();
const STATUS = workOf(
  { step: 'delivered', ref: '', packageId: '', trackingNumber: '', occurredAt: new Date() },
  account,
);
const READ = workOf({ step: 'look', ref: '' }, account);
const PACK = workOf({ step: 'ready_to_ship', ref: '' }, account);
const DOCUMENT = workOf({ step: 'invoice_fetch', ref: '' }, account);

function rig(rates: Rates = { sofp: 5, lazada: 10 }) {
  let now = 1_000_000;
  const pace = createPace({ rates, clock: () => now, random: () => 0.5 });
  const pass = (ms: number) => {
    now += ms;
  };
  const handOn = (work: Work, wanted = 100_000, accountId = '7') => {
    let handedOn = 0;
    while (handedOn < wanted && pace.isOpen(accountId, work)) {
      pace.passed(accountId, work);
      handedOn += 1;
    }
    return handedOn;
  };
  return { pace, pass, handOn, stand: (work: Work, accountId = '7') => pace.stand(accountId, work) };
}

test.each<{ says: string; rates: Rates; work: Work; handedOn: number }>([
  { says: 'five seconds of statuses', rates: { sofp: 5, lazada: 10 }, work: STATUS, handedOn: 25 },
  { says: 'five seconds of reads, fifty a call', rates: { sofp: 5, lazada: 10 }, work: READ, handedOn: 2_500 },
  { says: 'five seconds of Pack, twenty a call', rates: { sofp: 5, lazada: 10 }, work: PACK, handedOn: 1_000 },
  { says: 'five seconds of invoices, one a call', rates: { sofp: 5, lazada: 10 }, work: DOCUMENT, handedOn: 50 },
  { says: 'at a slow rate one status', rates: { sofp: 0.1, lazada: 0.1 }, work: STATUS, handedOn: 1 },
  { says: 'at a slow rate one call of reads', rates: { sofp: 0.1, lazada: 0.1 }, work: READ, handedOn: 50 },
])('ahead of an account are handed on: $says', ({ rates, work, handedOn }) => {
  expect(rig(rates).handOn(work)).toBe(handedOn);
});

test('then as many as its rate lets through', () => {
  const { pass, handOn } = rig();
  handOn(STATUS);
  pass(1_000);
  expect(handOn(STATUS)).toBe(5);
});

test('other accounts, and other kinds of work of the same, are none the slower', () => {
  const { handOn } = rig();
  handOn(STATUS);
  expect(handOn(STATUS, 100_000, '8')).toBe(25);
  expect(handOn(DOCUMENT)).toBe(50);
});

test('those who come again take turns too, and leave no debt behind', () => {
  const { pace, pass, handOn } = rig();
  handOn(STATUS);
  for (let again = 0; again < 100; again++) pace.passed('7', STATUS);
  expect(handOn(STATUS)).toBe(0);
  pass(1_000);
  expect(handOn(STATUS)).toBe(4);
});

describe('a pause', () => {
  test('is one of the account at one API, and ends by itself', () => {
    const { pace, pass } = rig();
    pace.notePause('7', 'sofp', 60_000);
    expect([pace.isPaused('7', STATUS), pace.isPaused('7', READ), pace.isPaused('8', STATUS)]).toEqual([
      true,
      false,
      false,
    ]);
    pass(60_000);
    expect(pace.isPaused('7', STATUS)).toBe(false);
  });

  test('moves the places of those who come meanwhile behind it', () => {
    const { pace, stand } = rig();
    pace.notePause('7', 'sofp', 60_000);
    expect([stand(STATUS), stand(STATUS)]).toEqual([60_200, 60_400]);
  });

  test('leaves the line as it was: whoever comes after it stands behind those who waited', () => {
    const { pace, pass, handOn, stand } = rig();
    pace.notePause('7', 'sofp', 60_000);
    for (let n = 0; n < 1_000; n++) stand(STATUS);
    pass(60_200);
    expect(handOn(STATUS, 1)).toBe(1);
    expect(stand(STATUS)).toBe(1_001 * 200 - 200);
  });

  test('is forgotten where it was taken back', () => {
    const { pace } = rig();
    pace.notePause('7', 'sofp', 60_000);
    pace.notePause('7', 'sofp', 0);
    expect(pace.isPaused('7', STATUS)).toBe(false);
  });
});

describe('the line', () => {
  test('gives each a place, one turn after the other, that comes when there is room', () => {
    const { pace, pass, handOn, stand } = rig();
    handOn(STATUS);
    const places = [stand(STATUS), stand(STATUS), stand(STATUS)];
    expect(places).toEqual([200, 400, 600]);
    for (let turn = 0; turn < 3; turn++) {
      pass(200);
      expect(pace.isOpen('7', STATUS)).toBe(true);
      pace.passed('7', STATUS);
    }
  });

  test('goes on behind those who stand there', () => {
    const { pass, handOn, stand } = rig();
    handOn(STATUS);
    for (let n = 0; n < 1_000; n++) stand(STATUS);
    pass(1_000);
    expect(stand(STATUS)).toBe(1_001 * 200 - 1_000);
  });

  test('begins anew when its turns went by unused: those who stood there are gone', () => {
    const { pass, handOn, stand } = rig();
    handOn(STATUS);
    for (let n = 0; n < 1_000; n++) stand(STATUS);
    pass(10_000);
    expect(handOn(STATUS)).toBe(25);
    expect(stand(STATUS)).toBe(200);
  });

  test('is at most an hour long; who stands behind that asks again in between', () => {
    const { handOn, stand } = rig();
    handOn(STATUS);
    const places = Array.from({ length: 20_000 }, () => stand(STATUS));
    expect(Math.max(...places)).toBe(HOUR);
    expect(places.at(-1)).toBe(0.75 * HOUR);
  });
});
