/** The header `Idempotency-Key`, by which a client names a request that it may have to repeat. */
import { z } from 'zod';

/** In lower case, as Node hands headers on. */
export const KEY_HEADER = 'idempotency-key';

const LONGEST = 255;
/** Two headers arrive as one with a comma, parameters of the structured form behind a semicolon: neither is a key. */
const KEY = new RegExp(`^(?:[!#-+\\--:<-\\[\\]-~]{1,${LONGEST}}|"[!#-+\\--:<-\\[\\]-~]{1,${LONGEST}}")$`);
const WORDS = `write 1 to ${LONGEST} letters, digits and signs of ASCII, without spaces and , ; " \\ (a UUID, say), once; quotes around it are left out`;

/** The structured form of the draft has quotes around it, most clients send none: both are one key. */
export const keyHeader = z
  .string()
  .regex(KEY, WORDS)
  .transform((sent) => sent.replaceAll('"', ''))
  .optional()
  .meta({
    description:
      'Names the request, so that it can be repeated safely: the same key with the same request has one effect and one answer for 24 hours. ' +
      'A repetition that comes while the first is under way waits for its answer. The same key with another body or path is refused (409). ' +
      'A refusal (4xx) and a fault (5xx) do not use the key up: mend the request, or repeat it after `Retry-After`, with the same key.',
    example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  });
