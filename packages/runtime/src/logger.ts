/** The log of a process: lines on standard output, as JSON or for people, without secrets, buyers' data and control characters. */
import { printable, printableJson, redactText, redactValue } from '@lazada-sof/redact';
import { createLogger as createWinston, format, type Logger, transports } from 'winston';

export type { Logger } from 'winston';

export type LoggerOptions = {
  service: string;
  level: 'error' | 'warn' | 'info' | 'debug';
  format: 'json' | 'pretty';
  /** Where lines go instead of standard output. */
  stream?: NodeJS.WritableStream;
};

export function createLogger({ service, level, format: form, stream }: LoggerOptions): Logger {
  const safe = format((info) => {
    const { level: importance, message, ...rest } = info;
    // winston keeps its own facts under symbols, which the spread carries over.
    return Object.assign({ at: new Date().toISOString(), level: importance, service }, symbolsOf(info), {
      message: redactText(String(message)),
      ...(redactValue(rest) as object),
    });
  });
  const line = format.combine(safe(), format.printf(form === 'json' ? json : pretty));
  return createWinston({
    level,
    // What the level drops is not looked at: the transport asks for its own format after it has asked for the level.
    format: format((info) => info)(),
    transports: [stream ? new transports.Stream({ stream, format: line }) : new transports.Console({ format: line })],
  });
}

const symbolsOf = (info: object) =>
  Object.fromEntries(Object.getOwnPropertySymbols(info).map((key) => [key, Reflect.get(info, key)]));

const json = (info: Record<string, unknown>): string => printableJson(JSON.stringify(info));

/** `12:00:01.123 warn  status-sync  retried in 2 s  order=lazada/123 attempt=2` */
function pretty(info: Record<string, unknown>): string {
  const { at, level, service, message, ...rest } = info;
  const fields = Object.entries(rest).map(([name, field]) => `${name}=${shown(field)}`);
  const line = [String(at).slice(11, 23), String(level).padEnd(5), service, ` ${within(String(message))}`, ...fields];
  return printable(line.join(' '));
}

function shown(field: unknown): string {
  if (typeof field === 'string') return /\s/.test(field) ? JSON.stringify(field) : field;
  if (typeof field === 'object' && field !== null && 'stack' in field) return `\n${within(String(field.stack))}`;
  return JSON.stringify(field);
}

/** Its further lines are indented, so that none of them passes for a line of the log. */
const within = (text: string): string => text.replaceAll(/\n(?! {4})/g, '\n    ');
