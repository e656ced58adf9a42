/** How the SOF module reads a request, and in which form it refuses one. */
import { type Answer, type Call, contentType, jsonAnswer } from '../server/call.ts';
import { Refusal } from '../server/refusal.ts';

/** What the call answers, or its refusal in the SOF module's words. */
export function refusable(call: Call, act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    call.refused.push({ reason: error.reason, asked: error.asked });
    return jsonAnswer(Number(error.code), { message: error.message });
  }
}

/** The token that the call came with; empty where it has none. */
export function bearer(call: Call): string {
  return String(call.headers.authorization ?? '').replace(/^JWT /, '');
}

/** The body's fields, of whatever type; none where it is no JSON object. */
export function bodyFields(call: Call): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(call.body);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The body's fields, all of them texts, exactly these. */
export function readBody(call: Call, names: readonly string[]): Record<string, string> {
  if (contentType(call) !== 'application/json') throw new Refusal('wrong_body_form', '400', 'the body must be JSON');
  const body = bodyFields(call);
  const missing = names.find((name) => body[name] === undefined || body[name] === '');
  if (missing) throw new Refusal('missing_parameter', '400', `required value missing: ${missing}`);
  const unknown = Object.keys(body).find((name) => !names.includes(name));
  if (unknown) throw new Refusal('unknown_parameter', '400', `${unknown} is not known`);
  const notText = names.find((name) => typeof body[name] !== 'string');
  if (notText) throw new Refusal('bad_parameter', '400', `${notText} must be a text`);
  return body as Record<string, string>;
}
