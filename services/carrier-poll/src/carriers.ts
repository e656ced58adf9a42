/** The carriers that can be asked, one row each. */
import { carrierDhl } from '@lazada-sof/connectors';
import type { Carrier } from '@lazada-sof/orders';
import type { Config } from '@lazada-sof/runtime';

/** One with its key, and how often it may be asked on a day of GMT. */
export type AskedCarrier = { readonly carrier: Carrier; readonly perDay: number };

type Row = {
  readonly title: string;
  /** The setting without which it is not asked. */
  readonly keySetting: string;
  /** Null: there is no key. */
  readonly open: (settings: Config<'carrier'>['carrier']) => AskedCarrier | null;
};

/** By the names that packages have, in small letters. */
export const CARRIERS: Readonly<Record<string, Row>> = {
  dhl: {
    title: 'DHL',
    keySetting: 'DHL_API_KEY',
    open: ({ dhlUrl, dhlKey, dhlDailyBudget }) =>
      dhlKey === undefined ? null : { carrier: carrierDhl({ url: dhlUrl, key: dhlKey }), perDay: dhlDailyBudget },
  },
};

/** Those that there is a key for. Whoever opens them closes them. */
export const openCarriers = (settings: Config<'carrier'>['carrier']): ReadonlyMap<string, AskedCarrier> =>
  new Map(
    Object.entries(CARRIERS).flatMap(([name, { open }]) => {
      const asked = open(settings);
      return asked ? [[name, asked] as const] : [];
    }),
  );
