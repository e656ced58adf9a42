/** Bodies that are signed rightly, as Lazada's pushes are: each is read and has its effect or none, and none is a fault. */
import { PassThrough } from 'node:stream';
import { createLogger } from '@lazada-sof/runtime';
import { heedPush } from '../../../services/api/src/webhooks/heed-push.ts';
import { readPush } from '../../orders/src/push/push.ts';
import { deepList, deepObject, foreignJson } from './foreign-json.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { samplesOf } from './samples.ts';

const SAMPLES = [...samplesOf('services/api/src/webhooks/samples', '.json').values()].map(String);

const log = createLogger({ service: 'fuzz', level: 'info', format: 'json', stream: new PassThrough().resume() });

/** What is asked of the database; `asked` are the order numbers. */
const pushesIn = (asked: string[]) => ({
  apps: async () => [],
  cameBefore: async () => false,
  accountsOf: async () => ['demo-sg'],
  ordersOf: async (_appKey: string, orderNumber: string) => [String(asked.push(orderNumber))],
  wake: async () => true,
  remember: async () => undefined,
  forget: async () => undefined,
});

export default defineFuzz<string>({
  known: [
    ...[...SAMPLES, deepList, deepObject, `{"data":${deepObject}}`, `{"message_type":${deepList}}`, '', '\ufeff{}'],
    '{"message_type":1e999,"data":{"trade_order_id":1e400}}',
    `{"data":{"trade_order_id":${'9'.repeat(10_000)}}}`,
    '{"data":{"__proto__":{"trade_order_id":"1"}}}',
  ],
  inputs: foreignJson(SAMPLES),
  async holds(body) {
    const push = readPush(body);
    promised(/^(\d{1,4}|none|unreadable)$/.test(push.type), `a type, not ${push.type}`);
    promised(push.orderNumber === null || /^\d{1,30}$/.test(push.orderNumber), 'an order number in digits');
    promised(push.sameAs === readPush(body).sameAs, 'the same message is the same');
    const asked: string[] = [];
    const heeded = await heedPush(push, ['100'], { pushes: pushesIn(asked), log });
    promised(['heeded', 'nothing_to_do'].includes(heeded), `an outcome, not ${heeded}`);
    promised(
      asked.every((orderNumber) => orderNumber === push.orderNumber),
      'only the order that it names is looked for',
    );
  },
});
