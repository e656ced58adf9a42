/** Why nothing was done to a person. */
import { PersonRefused, type UserView } from '@lazada-sof/db';
import { CommandFailed } from '../../terminal/errors.ts';

export const userNotFound = (name: string) =>
  new CommandFailed(`there is no person ${name}; npm run sof -- user list shows who there is`);

export const lastAdmin = (name: string) =>
  new CommandFailed(`${name} is the last administrator; make somebody else one first: npm run sof -- user role`);

/** @throws CommandFailed where it was not changed */
export function changedUser(name: string, changed: UserView | 'unknown' | 'last-admin'): UserView {
  if (changed === 'unknown') throw userNotFound(name);
  if (changed === 'last-admin') throw lastAdmin(name);
  return changed;
}

/** For `catch`. */
export function explainRefused(error: unknown): never {
  if (!(error instanceof PersonRefused)) throw error;
  const what = error.field === 'password' ? 'the password' : '<name>';
  throw new CommandFailed(`${what} ${error.message}`, { cause: error });
}
