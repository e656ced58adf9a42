/**
 * A seller's consent in two halves: the link that he opens, and the code that he comes back with. The code is sealed into
 * the account's row and exchanged by status-sync, whose address is the one that Lazada lets in.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Db } from '@lazada-sof/db';
import { type AccountCheck, CONSENT_CHECK, consentAgain, consentLink, readConsent } from '@lazada-sof/orders';
import type { JobReply, Producer } from '@lazada-sof/queue';
import type { Config } from '@lazada-sof/runtime';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { type Print, printer } from '../../terminal/output.ts';
import { sayWhile } from '../../terminal/progress.ts';
import { readSecret } from '../../terminal/secrets.ts';
import { withDb, withQueue } from '../connections.ts';
import { accountNotFound } from '../not-found.ts';
import { tellCheck } from './test.ts';

const ABOUT = [
  "a seller's consent: prints the link that the seller opens, then takes the code, or the whole address at which the",
  'browser ended, from the terminal, standard input or a file',
].join(' ');

type Options = { link?: boolean; codeFile?: string; json?: boolean };

export function accountAuthorizeCommand(account: Command): void {
  const command = account
    .command('authorize')
    .argument('<name>')
    .description(ABOUT)
    .option('--link', 'only print the link; the code comes with a second call, within the hour')
    .option('--code-file <file>', 'where the code or the address stands; -: standard input')
    .option('--json', 'for machines')
    .action(async (name: string, { link = false, codeFile, json = false }: Options) => {
      const print = printer(json);
      const isAsked = codeFile === undefined && process.stdin.isTTY;
      if (link && codeFile !== undefined)
        throw new UsageError('--link prints a link, --code-file answers one: two calls');
      if (link) return printLink(print, name, await makeLink(name));
      if (isAsked && json)
        throw new UsageError('--json asks nobody: print the link with --link, answer with --code-file');
      await answer(
        print,
        name,
        isAsked ? await askFor(name, print) : await readSecret(codeFile ?? '-', { what: 'file' }),
      );
    });
  withExample(command, 'demo-sg --link');
}

type Link = { readonly link: string; readonly endsAt: Date };

async function makeLink(name: string): Promise<Link> {
  const settings = readConfig(['database', 'lazada', 'consent']);
  return withDb(settings, async (db) => {
    const account = await db.accounts.find(name);
    if (!account) throw accountNotFound(name);
    const { redirectUrl } = settings.consent;
    if (redirectUrl === undefined)
      throw new CommandFailed(
        'LAZADA_REDIRECT_URL is not set: it is the callback address that the app has in the Open Platform console, App Management',
      );
    const { appKey } = account;
    if (!appKey)
      throw new CommandFailed(`account ${name} has no app key; set it with sof account set ${name} --app-key`);
    const opened = await db.consents.open(account.accountId);
    if (!opened) throw accountNotFound(name);
    const { authUrl } = settings.lazada;
    return { link: consentLink({ authUrl, appKey, redirectUrl, state: opened.state }), endsAt: opened.endsAt };
  });
}

function printLink(print: Print, name: string, { link, endsAt }: Link): void {
  print.text(link);
  print.json({ name, link, endsAt });
}

const PASTE = 'Then paste the whole address at which the browser ended, or its code: ';

async function askFor(name: string, print: Print): Promise<string> {
  const { link } = await makeLink(name);
  print.text(`The seller of ${name} opens this link within the hour, signs in to that shop and agrees:\n\n${link}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Whoever ends the input answers nothing.
    const ended = once(terminal, 'close').then(() => '');
    return await Promise.race([terminal.question(PASTE), ended]);
  } finally {
    terminal.close();
  }
}

async function answer(print: Print, name: string, given: string): Promise<void> {
  const consent = readConsent(given);
  if ('refused' in consent) throw new CommandFailed(`account ${name}: ${consent.refused}`);
  const settings = readConfig(['database', 'queue', 'keys']);
  const checks = await exchange(settings, name, consent);
  const ok = checks.some(({ check, ok }) => check === CONSENT_CHECK && ok);
  for (const check of checks) tellCheck(print, check);
  print.json({ name, ok, checks });
  if (!ok) throw new CommandFailed(`account ${name} is not authorized; its tokens are as they were`);
}

/** The queue is opened first: where it is away, nothing was changed. */
const exchange = (
  settings: Config<'database' | 'queue' | 'keys'>,
  name: string,
  given: Parameters<Db['consents']['take']>[1],
): Promise<readonly AccountCheck[]> =>
  withQueue(settings, (producer) =>
    withDb(settings, async (db) => {
      const account = await db.accounts.find(name);
      if (!account) throw accountNotFound(name);
      const { accountId } = account;
      const refused = await db.consents.take(accountId, given);
      if (refused)
        throw new CommandFailed(`this answers no link of account ${name}: ${refused.refused}; ${consentAgain(name)}`);
      return sayWhile('waiting for status-sync, a minute at most …', () => settled(producer, db, { accountId, name }));
    }),
  );

const WAITS_MS = 60_000;

/** Waits until a check has taken the code up; one that had begun before says nothing of it. */
async function settled(
  producer: Producer,
  { consents }: Pick<Db, 'consents'>,
  { accountId, name }: { accountId: string; name: string },
): Promise<readonly AccountCheck[]> {
  const ends = Date.now() + WAITS_MS;
  while (Date.now() < ends) {
    const reply = await producer.addAndWait({ name: 'check-account', data: { v: 1, accountId } }, ends - Date.now());
    const checks = checksOf(reply);
    if (checks.some(({ check }) => check === CONSENT_CHECK)) return checks;
    const standing = await consents.standing(accountId);
    if (standing !== 'waiting') return [toldElsewhere(standing === 'exchanged')];
    if (reply.outcome === 'failed') throw new CommandFailed(`the check of account ${name} failed: ${reply.reason}`);
  }
  throw new CommandFailed(
    `the code of account ${name} is kept, and nobody has taken it up for a minute: is status-sync running? It does so by itself while the code is good, half an hour; account list shows what came of it`,
  );
}

/** Of our own worker. */
function checksOf(reply: JobReply): readonly AccountCheck[] {
  if (reply.outcome !== 'answered') return [];
  const { checks = [] } = (reply.answer ?? {}) as { checks?: readonly AccountCheck[] };
  return checks;
}

const toldElsewhere = (ok: boolean): AccountCheck => ({
  check: CONSENT_CHECK,
  ok,
  detail: ok ? 'the code was exchanged by another check' : 'another check was refused: see the log of status-sync',
});
