import { bareDigits } from '../http/json.ts';
import { UnexpectedAnswerError } from './errors.ts';
import type { CallOptions, OpenPlatform, Shop } from './request.ts';
import { DocumentAnswer } from './schemas.ts';

/** The most items that one GetDocument takes. */
export const MOST_DOCUMENT_ITEMS = 100;
const LARGEST_DOCUMENT = 50 * 1024 * 1024;

export type DocumentType = 'invoice' | 'shippingLabel' | 'carrierManifest';
export type Document = { readonly bytes: Buffer; readonly mimeType: string };

/** GetDocument, of at most 100 items. Null: the answer is a success, but holds no document. */
export async function getDocument(
  platform: OpenPlatform,
  shop: Shop,
  { type, orderItemIds }: { type: DocumentType; orderItemIds: readonly string[] },
  options?: CallOptions,
): Promise<Document | null> {
  const params = { doc_type: type, order_item_ids: JSON.stringify(orderItemIds.map(bareDigits)) };
  const endpoint = { method: 'GET', path: '/order/document/get', params, largestAnswer: LARGEST_DOCUMENT } as const;
  const { content } = await platform.call(shop, endpoint, { schema: DocumentAnswer, from: 'data' }, options);
  const { file = '', mime_type: mimeType = '' } = content ?? {};
  if (file.trim() === '') return null;
  const bytes = fromBase64(file);
  if (bytes !== null) return { bytes, mimeType };
  const request = { method: endpoint.method, url: `${shop.restUrl}${endpoint.path}` };
  throw new UnexpectedAnswerError('the document is not base64', { request, httpStatus: 200 });
}

/** Node decodes what it can and skips the rest: only a length that fits shows that nothing was skipped. No text has 4n + 1 letters. */
function fromBase64(text: string): Buffer | null {
  const written = text.replaceAll(/\s/g, '').replace(/={1,2}$/, '');
  const bytes = Buffer.from(written, 'base64');
  const isWhole = written.length % 4 !== 1 && bytes.length === Math.floor((written.length * 3) / 4);
  return isWhole ? bytes : null;
}
