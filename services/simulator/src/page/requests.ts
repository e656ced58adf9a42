/** The last requests, newest first. */
import type { LoggedRequest } from '../server/request-log.ts';
import { type Html, table } from './html.ts';
import { shorten } from './shorten.ts';

export function requestTable(entries: readonly LoggedRequest[]): Html {
  const rows = [...entries]
    .reverse()
    .map((entry) => [
      entry.at.slice(11, 23),
      entry.call,
      entry.account ?? '',
      shorten(JSON.stringify(ownParameters(entry))),
      `${entry.status ?? 'reset'}${entry.code === null ? '' : ` · ${entry.code}`}`,
      entry.refused.map(({ reason }) => reason).join(', '),
      entry.fault === null ? '' : `fault ${entry.fault}`,
      entry.ms === null ? '' : `${entry.ms} ms`,
    ]);
  return table(['time', 'call', 'account', 'parameters', 'answer', 'refused', 'fault', 'took'], rows, 'None yet.');
}

/** Without what every signed call has. */
function ownParameters({ parameters }: LoggedRequest): object {
  const own = Object.entries(parameters).filter(([name]) => !SYSTEM_PARAMETERS.includes(name));
  return Object.fromEntries(own);
}

const SYSTEM_PARAMETERS = ['app_key', 'timestamp', 'sign_method', 'sign', 'access_token'];
