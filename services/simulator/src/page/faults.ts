/** What goes wrong now. */
import { type Fault, FaultSchema } from '../server/faults.ts';
import { type Html, table } from './html.ts';
import { shorten } from './shorten.ts';

export function faultTable(faults: readonly Fault[]): Html {
  const rows = faults.map(({ id, hits, times, ...fault }) => [id, compact(fault), `${hits} of ${times ?? '∞'}`]);
  return table(['id', 'fault', 'hits'], rows, 'None: all goes well.');
}

/** Only what was set, and always the status. */
function compact(fault: object): string {
  const defaults = FaultSchema.parse({ status: 500 }) as Record<string, unknown>;
  const set = Object.entries(fault).filter(([name, value]) => name === 'status' || value !== defaults[name]);
  return set
    .map(([name, value]) => `${name}=${shorten(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join(' ');
}
