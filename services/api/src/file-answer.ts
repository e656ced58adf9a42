/** Answers that are a file: bytes under a name, with the headers that a browser and a cache need to treat them rightly. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** In place of a shape: the answer is a file of this kind. */
export type FileShape = { readonly mediaType: string; readonly description: string };

/** In place of a shape: the answer is text of this kind, made as it goes out. */
export type StreamShape = FileShape & { readonly isStreamed: true };

export type StreamAnswer = {
  /** Under which a browser saves it. */
  readonly name: string;
  readonly text: AsyncIterable<string>;
};

export type FileAnswer = {
  /** Under which a browser saves it. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Asked for only where the bytes are sent. */
  read(): Promise<Buffer>;
};

export const isFileShape = (shape: object): shape is FileShape => 'mediaType' in shape;

export const isStreamShape = (shape: object): shape is StreamShape => isFileShape(shape) && 'isStreamed' in shape;

/** As an attachment that nobody keeps; only its headers to HEAD. */
export function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { name, text, mediaType }: StreamAnswer & { readonly mediaType: string },
): FastifyReply {
  reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  reply.type(`${mediaType}; charset=utf-8`).header('content-disposition', attachment(name));
  return reply.send(Readable.from(request.method === 'HEAD' ? [] : text, { objectMode: false }));
}

/** The file as an attachment; only its headers to HEAD; 304 to who has it already. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: FileAnswer & { readonly mediaType: string },
): Promise<FastifyReply> {
  const etag = `"${file.sha256}"`;
  const known = isKnown(request.headers['if-none-match'], etag);
  const isHead = request.method === 'HEAD';
  // Before any header: where it fails, the refusal has none of ours.
  const bytes = known || isHead ? null : await file.read();
  // Kept by whoever asked and by nobody on the way, and asked for anew each time: a newer revision may be there, a key ended.
  reply.headers({ etag, 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff', ...file.headers });
  if (known) return reply.code(304).send();
  reply.type(file.mediaType).header('content-disposition', attachment(file.name));
  // Of a stream the server keeps the length that we say.
  return bytes ? reply.send(bytes) : reply.header('content-length', String(file.bytes)).send(Readable.from([]));
}

/** What `If-None-Match` says: a list of tags, weak ones too, or `*` (RFC 9110, 13.1.2). */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));

/**
 * `Content-Disposition` by RFC 6266. Of the path its last part alone. What is not plain in the quoted name becomes `_`
 * (some read `%41` there as a letter), and then the name itself follows, encoded, which all that know it prefer.
 */
export function attachment(path: string): string {
  const name = (path.split(/[/\\]/).at(-1) || 'file').toWellFormed();
  const plain = name.replaceAll(/[^ !#$&'()+,\-.0-9;=@A-Z[\]^_`a-z{}~]/gu, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${encoded}`}`;
}
