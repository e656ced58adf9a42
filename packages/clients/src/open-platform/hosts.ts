/** Where the Open Platform answers for a country's shops. */
export const REST_URLS = {
  SG: 'https://api.lazada.sg/rest',
  MY: 'https://api.lazada.com.my/rest',
  TH: 'https://api.lazada.co.th/rest',
  VN: 'https://api.lazada.vn/rest',
  PH: 'https://api.lazada.com.ph/rest',
  ID: 'https://api.lazada.co.id/rest',
} as const;

/** Tokens of all countries. */
export const AUTH_URL = 'https://auth.lazada.com/rest';
