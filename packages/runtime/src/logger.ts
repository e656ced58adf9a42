/** The log of a process: lines on standard output, as JSON or for people, without secrets or buyers' data. */
import { createLogger as createWinston, format, type Logger, transports } from 'winston';
import { createRedact } from './redact.ts';

export type { Logger } from 'winston';

export type LoggerOptions = {
  service: string;
  level: 'error' | 'warn' | 'info' | 'debug';
  format: 'json' | 'pretty';
  /** Values that must never appear, whatever field or text they come in. */
  secrets?: readonly string[];
  /** Where lines go instead of standard output. */
  stream?: NodeJS.WritableStream;
};

export function createLogger({ service, level, format: form, secrets, stream }: LoggerOptions): Logger {
  const redact = createRedact(secrets);
  const safe = format((info) => {
    const { level: importance, message, ...rest } = info;
    // winston keeps its own facts under symbols, which the spread carries over.
    return Object.assign({ at: new Date().toISOString(), level: importance, service }, symbolsOf(info), {
      message: redact.text(String(message)),
      ...(redact.value(rest) as object),
    });
  });
  return createWinston({
    level,
    format: format.combine(safe(), form === 'json' ? format.json() : format.printf(pretty)),
    transports: [stream ? new transports.Stream({ stream }) : new transports.Console()],
  });
}

const symbolsOf = (info: object) =>
  Object.fromEntries(Object.getOwnPropertySymbols(info).map((key) => [key, Reflect.get(info, key)]));

/** `12:00:01.123 warn  status-sync  retried in 2 s  order=lazada/123 attempt=2` */
function pretty(info: Record<string, unknown>): string {
  const { at, level, service, message, ...rest } = info;
  const fields = Object.entries(rest).map(([name, field]) => `${name}=${shown(field)}`);
  return [String(at).slice(11, 23), String(level).padEnd(5), service, ` ${message}`, ...fields].join(' ');
}

function shown(field: unknown): string {
  if (typeof field === 'string') return /\s/.test(field) ? JSON.stringify(field) : field;
  if (typeof field === 'object' && field !== null && 'stack' in field) return `\n${String(field.stack)}`;
  return JSON.stringify(field);
}
