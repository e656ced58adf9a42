/** Answers of DHL's tracking, from the recorded ones, up to what they mean for a parcel. */
import { whatCarrierSays } from '@lazada-sof/orders';
import { openDhlClient } from '../../clients/src/dhl/client.ts';
import { shipmentOf } from '../../connectors/src/carrier-dhl/carrier-dhl.ts';
import { answer, answersOf, type CannedAnswer, connectionsWith, holdsAsCall, isData, SECRET } from './canned.ts';
import { deepList, deepObject, foreignJson } from './foreign-json.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { samplesOf } from './samples.ts';

const SAMPLES = [...samplesOf('packages/connectors/src/carrier-dhl/samples', '.json').values()].map(String);
const NUMBER = '00340434292135100266';
const ASKED = {
  number: NUMBER,
  readyToShipAt: new Date('2026-03-01T00:00:00Z'),
  account: { country: 'VN', timezone: 'Asia/Ho_Chi_Minh' },
} as const;

const event = (fields: object) => ({ timestamp: '2026-03-14T18:30:00', statusCode: 'delivered', ...fields });
const ofOurs = (fields: object) =>
  JSON.stringify({ shipments: [{ id: NUMBER, status: event(fields), events: [event(fields)] }] });

export default defineFuzz<CannedAnswer>({
  known: [
    ...[...SAMPLES, deepList, deepObject].flatMap((body) => [answer(body), answer(body, 404), answer(body, 429)]),
    answer(`{"shipments":${deepList}}`),
    ...['9999-12-31T23:59:59', '0000-01-01T00:00:00', '2026-02-30T10:00:00', '2026-03-14T25:00:00+99:99'].map(
      (timestamp) => answer(ofOurs({ timestamp })),
    ),
    ...['__proto__', 'constructor', 'toString'].map((statusCode) => answer(ofOurs({ statusCode }))),
    answer(ofOurs({ description: 'returned to sender, '.repeat(50_000) })),
    ...['zz', 'xx-u-ca', 'US'].map((countryCode) => answer(ofOurs({ location: { address: { countryCode } } }))),
  ],
  inputs: answersOf(foreignJson(SAMPLES)),
  async holds(input) {
    const client = openDhlClient({ baseUrl: 'https://dhl.test', apiKey: SECRET }, connectionsWith(input));
    await holdsAsCall(async () => {
      const shipments = (await client.track(NUMBER)).map(shipmentOf);
      const says = whatCarrierSays(shipments, ASKED);
      isData(says, 'what it says');
      promised(['nothing', 'ended', 'told'].includes(says.is), `an answer, not ${says.is}`);
      return shipments;
    });
  },
});
