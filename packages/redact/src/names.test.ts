import { describe, expect, test } from '@jest/globals';
import { isConfidential } from './names.ts';

describe('a field is confidential by its name, however it is spelled', () => {
  test.each([
    ...['password', 'sof_password', 'sofPassword', 'new-password', 'passwords', 'password_hash', 'passwd', 'pwd'],
    ...['authorization', 'Authorization', 'Proxy-Authorization', 'cookie', 'set-cookie', 'Set-Cookie', 'session'],
    ...['access_token', 'accessToken', 'refresh-token', 'token', 'clientToken', 'jwt', 'id_token', 'csrf_token'],
    ...['app_secret', 'App-Secret', 'client_secret', 'secret', 'code_verifier', 'sign', 'x-sign', 'signature'],
    ...['api_key', 'dhl-api-key', 'ENCRYPTION_KEYS', 'privateKey', 'credentials'],
    ...['customer_first_name', 'buyerName', 'recipient_name', 'shipping_name', 'customer', 'recipient', 'signed_by'],
    ...['phone', 'phone2', 'customerPhone', 'email', 'address', 'address1', 'addressShipping', 'billing_address'],
    ...['address_billing_phone', 'ship_address', 'recipient.name', 'address[street]', 'shipping.name', 'post_code'],
  ])('%s', (name) => expect(isConfidential(name)).toBe(true));

  test.each([
    ...[
      'name',
      'account',
      'orderNumber',
      'trackingNumber',
      'accessTokenExpiresAt',
      'sofUsername',
      'signal',
      'assigned',
    ],
    ...['status', 'service', 'code', 'design', 'app_key', 'hostkey', 'nextPageToken', 'sign_method', 'buyer_id'],
    ...['IllegalAccessToken', 'InvalidSignature', 'remoteAddress', 'ip_address', 'shipping', 'file'],
    ...['phone-world', 'mobile-city-sg', 'street-wear', 'an-address-with-another-state'],
  ])('%s is not', (name) => expect(isConfidential(name)).toBe(false));
});
