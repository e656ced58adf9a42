/**
 * Sends a file, and lets the server's reply decide. A server whose disk or quota is full cuts the data connection in the
 * middle and says why on the other one, a moment later; basic-ftp hangs up both at the first error, before that word is
 * there, and a full disk would look like a bad line.
 */
import { Readable } from 'node:stream';
import { type Client, FTPError, type FTPResponse } from 'basic-ftp';

export async function upload(client: Client, path: string, bytes: Buffer): Promise<void> {
  const dialogue = holdDialogue(client);
  try {
    await client.uploadFrom(sourceOf(bytes), path);
  } catch (error) {
    if (error instanceof FTPError || client.closed) throw error;
    throw (await refusal(client)) ?? error;
  } finally {
    dialogue.letGo();
  }
}

/** While the data goes, an error of its connection does not end the dialogue; silence does. */
function holdDialogue({ ftp }: Client): { letGo(): void } {
  const hangUp = ftp.closeWithError.bind(ftp);
  ftp.closeWithError = (error) => {
    if (!/(?<!^Timeout) \(data socket\)$/.test(error.message)) hangUp(error);
  };
  return { letGo: () => Reflect.deleteProperty(ftp, 'closeWithError') };
}

/** Ends without an error of its own where the connection does: basic-ftp would hang up for that, too. */
function sourceOf(bytes: Buffer): Readable {
  return new Readable({
    read() {
      this.push(bytes);
      this.push(null);
    },
    destroy: (_error, done) => done(null),
  });
}

/** What the server says of the upload that it has cut; undefined: nothing, or that all is well. */
async function refusal({ ftp }: Client): Promise<FTPError | undefined> {
  const reply: Promise<FTPResponse> = ftp.handle(undefined, (answer, task) => {
    if (answer instanceof Error) task.reject(answer);
    else if (answer.code >= 200) task.resolve(answer);
  });
  return reply.then(
    () => undefined,
    (error: unknown) => (error instanceof FTPError ? error : undefined),
  );
}
