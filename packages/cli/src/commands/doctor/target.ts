/** The place where invoices are put, by a real write and delete. */
import type { TargetTrial } from '@lazada-sof/connectors';
import type { Config } from '@lazada-sof/runtime';
import { type Finding, good, odd, red } from './finding.ts';
import type { Room } from './rooms.ts';

export const TARGET_CHECK = 'invoice target';

const NOT_READ =
  'let the login read too: else an upload whose confirmation was lost cannot see that it is there already';

export const targetRoom = ({ url }: Pick<Config<'target'>['target'], 'url'>): Room => ({
  name: TARGET_CHECK,
  limitMs: 60_000,
  fix: 'look at INVOICE_TARGET_URL, and whether this machine may reach that server',
  async look(signal) {
    if (url === undefined)
      return [good(TARGET_CHECK, 'not set (INVOICE_TARGET_URL): invoices are fetched and kept, and none is uploaded')];
    const { tryTarget } = await import('@lazada-sof/connectors');
    return [targetFinding(await tryTarget(url, signal))];
  },
});

export function targetFinding({ label, fileName, failures: { put, read, remove } }: TargetTrial): Finding {
  if (put !== undefined)
    return red(
      TARGET_CHECK,
      `no file can be put there: ${put}`,
      'mend what the target says: login, rights and room there, or INVOICE_TARGET_URL; uploads go on by themselves then',
    );
  const unread = read === undefined ? '' : `, and does not give it back (${read})`;
  if (remove !== undefined)
    return odd(
      TARGET_CHECK,
      `${label} takes a file${unread}, and does not let it be removed (${remove})`,
      `remove ${fileName} there by hand; what uploads leave when they break off has to be removed by hand there too`,
    );
  if (read !== undefined) return odd(TARGET_CHECK, `${label} takes a file${unread}`, NOT_READ);
  return good(TARGET_CHECK, `${label} takes a file, gives it back and lets it be removed`);
}
