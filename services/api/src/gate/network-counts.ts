/**
 * How often something came in the last minute from a network: of an address, of IPv6 from its /64, and from its /48, whose
 * 65,536 others one customer may have too. Counted first, so that they push no count of others out.
 */
import { siteBlock } from '@lazada-sof/db';
import { MinuteCounts, type Place } from './minute-counts.ts';

/** The customers of one /48 share so many times as much as one has. */
export const TIMES_OF_SITE = 10;

export class NetworkCounts {
  readonly #networks: MinuteCounts;
  readonly #sites: MinuteCounts;

  /** @param options `limit` is that of one network, `now` in milliseconds. */
  constructor(options: { readonly limit: number; readonly names: number; readonly now: () => number }) {
    this.#networks = new MinuteCounts(options);
    this.#sites = new MinuteCounts({ ...options, limit: options.limit * TIMES_OF_SITE });
  }

  take(network: string): Place {
    const block = siteBlock(network);
    if (block === null) return this.#networks.take(network);
    const site = this.#sites.take(block);
    if (!site.isFree) return site;
    const place = this.#networks.take(network);
    // It was not counted: one that is over its limit takes nothing from the others.
    if (!place.isFree) site.giveBack();
    return {
      ...place,
      giveBack() {
        place.giveBack();
        if (place.isFree) site.giveBack();
      },
    };
  }
}
