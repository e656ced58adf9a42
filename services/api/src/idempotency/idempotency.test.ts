import { describe, expect, test } from '@jest/globals';
import { type AskedFor, fingerprint } from './fingerprint.ts';
import { keyHeader } from './key-header.ts';

const UUID = '8e03978e-40d5-43dd-bc93-6894a57f9324';

describe('the header', () => {
  test.each([
    ['a bare key', UUID, UUID],
    ['the quotes of the structured form', `"${UUID}"`, UUID],
    ['signs', 'erp/4711:delivered+1_2=~!', 'erp/4711:delivered+1_2=~!'],
    ['the longest', 'k'.repeat(255), 'k'.repeat(255)],
    ['none', undefined, undefined],
  ])('takes %s', (_, sent, key) => {
    expect(keyHeader.parse(sent)).toBe(key);
  });

  test.each([
    ['nothing', ''],
    ['empty quotes', '""'],
    ['half a pair of quotes', '"k'],
    ['more than 255', 'k'.repeat(256)],
    ['two headers', `${UUID}, ${UUID}`],
    ['parameters', `"${UUID}";v=1`],
    ['a space within', 'k 1'],
    ['a letter beyond ASCII', 'schlüssel'],
    ['a control character', 'k\u007f'],
    ['a backslash', 'k\\1'],
  ])('refuses %s', (_, sent) => {
    expect(keyHeader.safeParse(sent)).toMatchObject({
      success: false,
      error: { issues: [{ message: expect.stringMatching(/^write 1 to 255/) }] },
    });
  });
});

describe('a request', () => {
  const ASKED: AskedFor = {
    ...{ method: 'POST', url: '/v1/orders/:account/:orderNumber/status', query: {} },
    params: { account: 'one', orderNumber: '11' },
    body: { status: 'delivered', packageId: 'FP1' },
  };
  const of = (other: Partial<AskedFor>) => Buffer.from(fingerprint({ ...ASKED, ...other })).toString('hex');

  test.each<[string, Partial<AskedFor>]>([
    ['its fields in another order', { body: { packageId: 'FP1', status: 'delivered' } }],
    ['a field that is not there', { body: { ...(ASKED.body as object), reason: undefined } }],
  ])('is the same with %s', (_, other) => {
    expect(of(other)).toBe(of({}));
  });

  test.each<[string, Partial<AskedFor>]>([
    ['value', { body: { status: 'delivered', packageId: 'FP2' } }],
    ['field', { body: { status: 'delivered', trackingNumber: 'FP1' } }],
    [
      'kind of value',
      {
        body: [
          ['packageId', 'FP1'],
          ['status', 'delivered'],
        ],
      },
    ],
    ['body', { body: undefined }],
    ['order', { params: { account: 'one', orderNumber: '12' } }],
    ['account', { params: { account: 'two', orderNumber: '11' } }],
    ['route', { url: '/v1/orders/:account/:orderNumber' }],
    ['method', { method: 'PUT' }],
    ['query', { query: { dryRun: 'true' } }],
  ])('is another with another %s', (_, other) => {
    expect(of(other)).not.toBe(of({}));
  });
});
