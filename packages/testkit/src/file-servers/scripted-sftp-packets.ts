/** Packets that ssh2's server cannot be asked to send, written by hand (draft-ietf-secsh-filexfer-02). */
import type { SFTPWrapper } from 'ssh2';

export const HARDLINK = 'hardlink@openssh.com';
const STATUS = 101;

type Inside = {
  readonly outgoing: { readonly id: number };
  _protocol: { channelData(id: number, packet: Buffer): void };
};
const insideOf = (session: SFTPWrapper): Inside => session as unknown as Inside;

/** Any status: ssh2 refuses to send those beyond 8, which servers in the field have. */
export function sendStatus(session: SFTPWrapper, request: number, status: number): void {
  const { _protocol, outgoing } = insideOf(session);
  _protocol.channelData(
    outgoing.id,
    withLength(Buffer.from([STATUS]), uint32(request), uint32(status), text(''), text('')),
  );
}

/** Its first packet, which tells of no extension, is sent with one more in it. */
export function offerHardlinks(session: SFTPWrapper): void {
  const inside = insideOf(session);
  const protocol = inside._protocol;
  inside._protocol = {
    channelData(id, version) {
      inside._protocol = protocol;
      protocol.channelData(id, withLength(version.subarray(4), text(HARDLINK), text('1')));
    },
  };
}

export function twoTexts(data: Buffer): [string, string] {
  const length = data.readUInt32BE();
  return [data.toString('utf8', 4, 4 + length), data.toString('utf8', 8 + length)];
}

function withLength(...parts: readonly Buffer[]): Buffer {
  const packet = Buffer.concat(parts);
  return Buffer.concat([uint32(packet.length), packet]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const text = (words: string): Buffer => Buffer.concat([uint32(Buffer.byteLength(words)), Buffer.from(words)]);
