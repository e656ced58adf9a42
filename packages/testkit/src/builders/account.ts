import { anAccount as activeAccount } from '@lazada-sof/orders/fixture';

/** The account of tests that call the outside, where `1` could be somebody else's. */
export const anAccount: typeof activeAccount = (fields = {}) =>
  activeAccount({ accountId: '7', name: 'shop-7', ...fields });
