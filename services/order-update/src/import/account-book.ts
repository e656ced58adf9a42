/** The accounts that a file names, asked for once each; a file of junk names a million that there are not. */
import { type Header, type ImportAccount, type RawRow, trimmed } from '@lazada-sof/orders';

/** Those that there are; a name that is missing in the answer is no account. */
export type FindAccounts = (names: readonly string[]) => Promise<ReadonlyMap<string, ImportAccount>>;

const LONGEST_NAME = 500;

export class AccountBook {
  readonly #find: FindAccounts;
  readonly #known = new Map<string, ImportAccount>();

  constructor(find: FindAccounts) {
    this.#find = find;
  }

  /** The accounts of these rows, and others. */
  async of(rows: readonly RawRow[], header: Header): Promise<ReadonlyMap<string, ImportAccount>> {
    const unknown = [...namesIn(rows, header)].filter((name) => !this.#known.has(name));
    if (unknown.length === 0) return this.#known;
    for (const [name, account] of await this.#find(unknown)) this.#known.set(name, account);
    return this.#known;
  }
}

export function namesIn(rows: readonly RawRow[], { places }: Header): ReadonlySet<string> {
  const names = rows.map(({ cells }) => trimmed(cells[places.account ?? -1]));
  return new Set(names.filter((name) => name !== '' && name.length <= LONGEST_NAME));
}
