/** A day's manifest: our list is written, Lazada is asked for its file piece by piece, and what came is stored, for good. */
import type { Manifests } from '@lazada-sof/db';
import {
  type Account,
  dayBounds,
  isNotSupported,
  type Marketplace,
  manifestItems,
  manifestPieces,
  type PdfRenderer,
} from '@lazada-sof/orders';
import type { DayJobTools, PerformDay } from '@lazada-sof/queue';

export type ManifestTools = {
  readonly manifests: Manifests;
  readonly marketplace: Pick<Marketplace, 'readManifest'>;
  readonly renderer: Pick<PdfRenderer, 'join'>;
};

export function fetchManifest({ manifests, marketplace, renderer }: ManifestTools): PerformDay {
  return async ({ account, day, signal }) => {
    const key = { accountId: account.accountId, day };
    const packages = await manifests.packagesOf(account.accountId, dayBounds(day, account.timezone));
    const listed = manifestItems(packages);
    // A day on which nothing was set ready has no row.
    if (listed.length === 0 || (await manifests.list(key, listed)) === 'stored') return;
    try {
      const pieces = await readPieces(marketplace, { account, listed, signal });
      await manifests.store(key, await renderer.join(pieces, signal));
    } catch (error) {
      if (!isNotSupported(error)) throw error;
      await manifests.end(key, 'not_supported', error.message);
    }
  };
}

type Reading = { readonly account: Account; readonly listed: readonly string[]; readonly signal: AbortSignal };

/** One after the other: a large day keeps no other call of the account waiting. */
async function readPieces({ readManifest }: ManifestTools['marketplace'], { account, listed, signal }: Reading) {
  const pieces = [];
  for (const orderItemIds of manifestPieces(listed)) pieces.push(await readManifest(account, orderItemIds, signal));
  return pieces;
}

/** A row that could not be written has nothing to be told in. */
export const giveUpManifest =
  ({ manifests }: Pick<ManifestTools, 'manifests'>): NonNullable<DayJobTools['givenUp']> =>
  ({ account: { accountId }, day, failure }) =>
    manifests.end({ accountId, day }, 'failed', failure.message);
