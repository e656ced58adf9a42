import type { Client, SFTPWrapper } from 'ssh2';
import { statusOf } from './answers.ts';

/** How ssh2 hands back what was asked. */
type Done<T> = (error?: Error | null, value?: T) => void;

/** One SFTP channel, its callbacks as promises, and what is known of whether it still lives. */
export type Channel = {
  isOpen(): boolean;
  answers(): number;
  ask<T = void>(request: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T>;
};

export function openChannel(client: Client, sftp: SFTPWrapper): Channel {
  let open = true;
  let answers = 0;
  const end = () => {
    open = false;
  };
  for (const one of [client, sftp]) one.on('error', end).on('end', end).on('close', end);

  function ask<T>(request: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      // What is asked after the end, ssh2 leaves without an answer.
      if (!open) return reject(new Error('the server has hung up'));
      request(sftp, (error, value) => {
        if (!error || statusOf(error) !== undefined) answers += 1;
        if (error) reject(error);
        else resolve(value as T);
      });
    });
  }
  return { isOpen: () => open, answers: () => answers, ask };
}
