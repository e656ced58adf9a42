import { afterAll, expect, test } from '@jest/globals';
import { openDownloads } from '@lazada-sof/clients';
import { readConfig } from '@lazada-sof/runtime';

/** Where nothing is set. No name is known here, so what may be asked for has no connection. */
const downloads = openDownloads({
  hosts: readConfig(['invoices'], {}).invoices.linkHosts,
  resolve: (_host, done) => setImmediate(done, new Error('ENOTFOUND'), []),
});
afterAll(() => downloads.close());

test.each([
  ['https://filebroker-cdn.lazada.sg/kf/1.pdf', true],
  ['https://sellercenter.lazada.com.my/1.pdf', true],
  ['https://sellercenter.lazada.co.th/1.pdf', true],
  ['https://sellercenter.lazada.vn/1.pdf', true],
  ['https://sellercenter.lazada.com.ph/1.pdf', true],
  ['https://sellercenter.lazada.co.id/1.pdf', true],
  ['https://api.lazada.com/1.pdf', true],
  ['https://lazada-docs.oss-ap-southeast-1.aliyuncs.com/1.pdf', true],
  ['https://sg-lzd-invoice.oss-ap-southeast-1.aliyuncs.com/1.pdf', true],
  ['https://img.alicdn.com/logo.png', true],
  // Anybody may have a bucket, and the domain of a country that Lazada is not in.
  ['https://invoices.oss-ap-southeast-1.aliyuncs.com/1.pdf', false],
  ['https://oss-ap-southeast-1.aliyuncs.com/lazada/1.pdf', false],
  ['https://www.lazada.example/1.pdf', false],
  ['https://www.lazada.ru/1.pdf', false],
  ['https://lazada.sg.evil.example/1.pdf', false],
])('%s may be followed: %s', async (link, isAllowed) => {
  const name = isAllowed ? 'NoConnectionError' : 'LinkNotAllowedError';
  await expect(downloads.fetch(link)).rejects.toMatchObject({ name });
});
