import { expect, test } from '@jest/globals';
import { codeOf, saysItGoesBack } from './words.ts';

test.each([
  ['pre-transit', 'announced'],
  ['transit', 'transit'],
  ['delivered', 'delivered'],
  ['failure', 'failure'],
  ['unknown', 'unknown'],
  [' Delivered ', 'delivered'],
  ['delivered-ish', 'unknown'],
  ['constructor', 'unknown'],
  ['', null],
  [undefined, null],
])('statusCode "%s" is %s', (written, code) => {
  expect(codeOf(written)).toBe(code);
});

test.each([
  'Returned to sender',
  'RETURNED TO SHIPPER',
  'The shipment is on its way back to the sender.',
  'The shipment could not be delivered and is being returned to the sender.',
  'Address incorrect; returning to sender',
  'The parcel will be returned to the sender.',
  'Recipient not found, returned to shipper',
])('"%s" says that it goes back', (text) => {
  expect(saysItGoesBack(text)).toBe(true);
});

test.each([
  'We will try again; if that fails too, the parcel will be returned to the sender after 7 days.',
  'Unless it is picked up it will be returned to the sender',
  'The parcel should have been returned to the sender',
  'It may be returned to the sender',
  'It will not be returned to the sender',
  "It wasn't returned to the sender",
  'Returned to the DHL facility',
  'The sender was informed',
  'Returned. The sender was informed',
  'Die Sendung wird an den Absender zurückgeschickt.',
  '',
  undefined,
])('"%s" does not', (text) => {
  expect(saysItGoesBack(text)).toBe(false);
});
