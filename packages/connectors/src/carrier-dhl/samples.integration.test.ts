/** Every shape in which DHL was seen to answer, read from the wire to what it means. `samples/README.md` says where they are from. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Account, type Carrier, Failure, whatCarrierSays } from '@lazada-sof/orders';
import { type Answer, anAccount, openScriptedServer, type ScriptedServer } from '@lazada-sof/testkit';
import { carrierDhl } from './carrier-dhl.ts';

const FOLDER = new URL('samples/', import.meta.url);
const sample = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8');

let server: ScriptedServer;
let dhl: Carrier;
beforeAll(async () => {
  server = await openScriptedServer();
  dhl = carrierDhl({ url: server.url, key: 'hush-key' });
});
afterAll(async () => {
  dhl.close();
  await server.close();
});
const answers = (answer: Answer) => server.on('/track/shipments', answer);
const failing = async (number = '1') => {
  const error = await dhl.track(number).catch((thrown: unknown) => thrown);
  if (error instanceof Failure) return error;
  throw new Error(`expected a failure, got ${JSON.stringify(error)}`);
};

const ended = (end: string, at: string) => ({ is: 'ended', end, at: new Date(at) });
const nothing = (detail: RegExp) => ({ is: 'nothing', detail: expect.stringMatching(detail) });
const ZONES = { SG: 'Asia/Singapore', MY: 'Asia/Kuala_Lumpur', TH: 'Asia/Bangkok', VN: 'Asia/Ho_Chi_Minh' };
const OTHERS = { PH: 'Asia/Manila', ID: 'Asia/Jakarta' };
const of = (country: keyof typeof ZONES | keyof typeof OTHERS): Account =>
  anAccount({ country, timezone: { ...ZONES, ...OTHERS }[country] });

const OUTCOMES: Readonly<Record<string, { number: string; account: Account; says: object }>> = {
  '01-200-parcel-de-delivered-no-zone.json': {
    ...{ number: '00340434292135100211', account: of('SG') },
    says: ended('delivered', '2026-03-14T01:50:00Z'),
  },
  '02-200-express-delivered-id-a-number.json': {
    ...{ number: '4001002146', account: of('MY') },
    says: ended('delivered', '2026-03-14T07:09:26Z'),
  },
  '03-200-ecommerce-nine-digit-fractions.json': {
    ...{ number: 'JVGL0000000002146033', account: of('MY') },
    says: ended('delivered', '2026-03-14T07:27:20.331Z'),
  },
  '04-200-ecommerce-apac-transit-remarks.json': {
    ...{ number: 'MYDEMO000002146044', account: of('TH') },
    says: nothing(/^it says transit$/),
  },
  '05-200-status-without-code.json': {
    ...{ number: '00340434292135100255', account: of('PH') },
    says: ended('delivered', '2026-03-14T02:44:05Z'),
  },
  '06-200-several-shipments-of-one-number.json': {
    ...{ number: '00340434292135100266', account: of('VN') },
    says: nothing(/^it says transit$/),
  },
  '07-200-no-shipments.json': {
    ...{ number: '00340434292135100277', account: of('SG') },
    says: nothing(/does not know/),
  },
  '08-200-failure-attempt.json': {
    ...{ number: '00340434292135100288', account: of('ID') },
    says: { is: 'told', code: 'failure', at: new Date('2026-03-14T04:20:00Z') },
  },
  '09-200-failure-goes-back-to-sender.json': {
    ...{ number: '00340434292135100299', account: of('SG') },
    says: ended('not_delivered', '2026-03-15T23:15:00Z'),
  },
  '10-200-delivered-to-the-sender.json': {
    ...{ number: '00340434292135100303', account: of('MY') },
    says: ended('not_delivered', '2026-03-16T10:00:00Z'),
  },
  '11-404-not-known.json': { number: '1', account: of('SG'), says: nothing(/does not know 1 yet/) },
  '13-200-freight-unknown-date-alone.json': {
    ...{ number: 'SGDEMO00000214613', account: of('TH') },
    says: nothing(/^it says unknown$/),
  },
};
const TOO_MANY = '12-429-too-many.json';

describe('a sample', () => {
  test('of each file is read here', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
    expect(files).toEqual([...Object.keys(OUTCOMES), TOO_MANY].toSorted());
  });

  test.each(Object.entries(OUTCOMES))('%s', async (file, { number, account, says }) => {
    answers({ status: Number(file.split('-')[1]), body: sample(file) });
    const readyToShipAt = new Date('2026-02-27T00:00:00Z');
    const said = whatCarrierSays(await dhl.track(number), { number, readyToShipAt, account });
    expect(said).toMatchObject(says);
    expect(JSON.stringify(said)).not.toMatch(/demo person|token|\\u00|zugestellt|signed/i);
  });

  test(TOO_MANY, async () => {
    answers({ status: 429, body: sample(TOO_MANY) });
    const { kind, code, waitMs } = await failing();
    expect({ kind, code, waitMs }).toEqual({ kind: 'rate-limited', code: 'http_429', waitMs: undefined });
  });
});

test('it is asked once, in its language, with the key and the number as it is', async () => {
  answers({ body: sample('07-200-no-shipments.json') });
  const before = server.asked.length;
  await dhl.track('00 3&4=ä');
  expect(server.asked.slice(before)).toMatchObject([
    { method: 'GET', query: { trackingNumber: '00 3&4=ä', language: 'en' }, headers: { 'dhl-api-key': 'hush-key' } },
  ]);
});

test.each<{ says: string; body: unknown }>([
  { says: 'a place without an address', body: { id: '1', status: { location: {}, statusCode: 'transit' } } },
  {
    says: 'an address that is a text',
    body: { id: '1', status: { location: { address: 'SG' }, statusCode: 'transit' } },
  },
  { says: 'a status that is a text', body: { id: '1', status: 'x', events: [{ statusCode: 'transit' }] } },
  { says: 'events that are none', body: { id: '1', status: { statusCode: 'transit' }, events: 'none' } },
  { says: 'an event that is none', body: { id: '1', status: {}, events: [7, null, { statusCode: 'transit' }] } },
  { says: 'a time that is a number', body: { id: 1, status: { statusCode: 'transit', timestamp: 1773478166 } } },
])('an answer with $says is read', async ({ body }) => {
  answers({ body: { shipments: ['none', body] } });
  expect(whatCarrierSays(await dhl.track('1'), { number: '1', readyToShipAt: null, account: of('SG') })).toEqual({
    ...{ is: 'nothing', detail: 'it says transit' },
  });
});

test('a return flag in words is one', async () => {
  answers({
    body: {
      shipments: [
        { id: '1', returnFlag: 'true' },
        { id: '2', returnFlag: 'perhaps' },
      ],
    },
  });
  expect((await dhl.track('1')).map(({ goesBack }) => goesBack)).toEqual([true, false]);
});

test('an id of more digits than a number holds keeps them', async () => {
  answers({ body: '{"shipments":[{"id":340434292135100211999}]}' });
  expect(await dhl.track('1')).toMatchObject([{ number: '340434292135100211999' }]);
});

type Refused = { says: string; answer: Answer; kind: Failure['kind']; code: string; waitMs?: number };
test.each<Refused>([
  {
    says: 'its own time for too many calls',
    answer: { status: 429, headers: { 'retry-after': '7' } },
    kind: 'rate-limited',
    code: 'http_429',
    waitMs: 7_000,
  },
  {
    says: 'a refused key',
    answer: { status: 401, body: { title: 'Unauthorized' } },
    kind: 'misconfigured',
    code: 'http_401',
  },
  { says: 'a key without rights', answer: { status: 403 }, kind: 'misconfigured', code: 'http_403' },
  {
    says: 'a number that it will never take',
    answer: { status: 400, body: { title: 'Bad Request' } },
    kind: 'rejected',
    code: 'http_400',
  },
  {
    says: 'a question that it cannot take, for other reasons',
    answer: { status: 422, body: { detail: 'The tracking number is too long' } },
    kind: 'rejected',
    code: 'http_422',
  },
  {
    says: 'a 400 that is not in its words',
    answer: { status: 400, body: '<html>Bad Request</html>' },
    kind: 'transient',
    code: 'http_400',
  },
  {
    says: 'a redirect',
    answer: { status: 302, headers: { location: 'https://example.com/' } },
    kind: 'transient',
    code: 'http_302',
  },
  ...[405, 406, 407, 410, 418].map((status) => ({
    says: `a ${status} of something in between, even in words like its own,`,
    answer: { status, body: { title: 'Not now' } },
    kind: 'transient' as const,
    code: `http_${status}`,
  })),
  {
    says: 'a 404 of a wrong address',
    answer: { status: 404, body: '<html>no such page</html>' },
    kind: 'transient',
    code: 'unreadable',
  },
  {
    says: 'a page in place of an answer',
    answer: { body: '<html>maintenance</html>' },
    kind: 'transient',
    code: 'unreadable',
  },
  { says: 'half an answer', answer: 'half', kind: 'transient', code: 'reset' },
  { says: 'a connection that breaks', answer: 'reset', kind: 'transient', code: 'reset' },
  { says: 'a server that cannot', answer: { status: 503 }, kind: 'transient', code: 'http_503' },
  { says: 'a gateway that waited', answer: { status: 504 }, kind: 'transient', code: 'http_504' },
])('$says is $kind', async ({ answer, kind, code, waitMs }) => {
  answers(answer);
  const failure = await failing('00340');
  expect({ kind: failure.kind, code: failure.code, waitMs: failure.waitMs }).toEqual({ kind, code, waitMs });
  expect(failure.message).toMatch(/^DHL about 00340: GET /);
  expect(failure.message).not.toContain('hush-key');
});
