/** What the simulator refused, each counted by its reason so that a test can say: nothing was refused unasked. */
export const REFUSAL_REASONS = [
  'unknown_path',
  'wrong_method',
  'wrong_body_form',
  'missing_parameter',
  'unknown_parameter',
  'empty_parameter',
  'bad_parameter',
  'id_not_bare',
  'batch_too_large',
  'unknown_app',
  'timestamp_off',
  'wrong_signature',
  'unknown_token',
  'expired_token',
  'unknown_code',
  'code_used_twice',
  'unknown_refresh_token',
  'expired_refresh_token',
  'refresh_token_used_twice',
  'wrong_password',
  'wrong_authorization',
  'unknown_tracking_number',
  'unknown_status',
  'unknown_order',
  'unknown_item',
  'unknown_package',
  'already_packed',
  'already_ready',
  'illegal_state',
  'end_twice',
  'not_sof',
  'not_available',
  'document_not_packed',
  'document_not_ready',
  'rate_limited',
  'scripted',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** One refusal as it is counted: `asked` where a test or a script told the simulator to refuse. */
export type Refused = { readonly reason: RefusalReason; readonly asked: boolean };

/** Thrown where a whole request is refused; `code` is the word (or the HTTP status) in which the API says so. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly code: string;
  readonly asked: boolean;

  constructor(reason: RefusalReason, code: string, message: string, { asked = false } = {}) {
    super(message);
    this.name = 'Refusal';
    this.reason = reason;
    this.code = code;
    this.asked = asked;
  }
}
