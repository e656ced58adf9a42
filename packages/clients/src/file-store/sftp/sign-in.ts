/**
 * Signs in with the password, once: by the method for passwords, or by answering the server's question for it where that
 * is the only way in. A wrong one tried twice would be a step to a lock-out.
 */
import { oneLine } from '@lazada-sof/redact';
import type { AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import type { Target } from '../target.ts';

export type SignIn = {
  readonly handler: AuthHandlerMiddleware;
  /** What the server wants that we do not have, in words; undefined: nothing, as far as is known. */
  readonly missing: () => string | undefined;
};

type Method = 'none' | 'password' | 'keyboard-interactive';

export function signInOnce({ user: username, password }: Pick<Target, 'user' | 'password'>): SignIn {
  const tried: Method[] = [];
  let given = false;
  let missing: string | undefined;

  function answer({ prompt, echo }: Prompt): string {
    if (!given && (!echo || /passw/i.test(prompt))) {
      given = true;
      return password;
    }
    missing = `it asks for "${oneLine(prompt)}" besides`;
    return '';
  }

  const handler: AuthHandlerMiddleware = (left, isHalfIn, next) => {
    const method = nextMethod({ left, isHalfIn, tried });
    if (method === undefined) {
      if (!given) missing ??= `it lets in by ${oneLine(left.join(', '))} alone`;
      // ssh2's types leave out that `false` ends it.
      return next(false as never);
    }
    tried.push(method);
    switch (method) {
      case 'none':
        return next({ type: method, username });
      case 'password':
        given = true;
        return next({ type: method, username, password });
      case 'keyboard-interactive':
        return next({
          type: method,
          username,
          prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map((one) => answer(one))),
        });
    }
  };
  return { handler, missing: () => missing };
}

type Offered = {
  /** Null at first, when the server has not been asked yet. */
  readonly left: readonly AuthenticationType[] | null;
  /** What was tried was right, and is not enough. */
  readonly isHalfIn: boolean | null;
  readonly tried: readonly Method[];
};

/** What to try next; undefined: nothing more. */
export function nextMethod({ left, isHalfIn, tried }: Offered): Method | undefined {
  if (left === null) return 'none';
  const offered = (['password', 'keyboard-interactive'] as const).filter((method) => left.includes(method));
  const wasRefused = tried.some((method) => method !== 'none') && !isHalfIn;
  return wasRefused ? undefined : offered.find((method) => !tried.includes(method));
}
