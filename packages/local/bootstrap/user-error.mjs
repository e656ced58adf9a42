/** An error whose message is all that the reader needs: what is wrong and what to do. */
export class UserError extends Error {
  name = 'UserError';
}
