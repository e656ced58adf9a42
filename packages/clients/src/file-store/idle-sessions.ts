import type { Session } from './session.ts';

export type IdleSessions = {
  keep(session: Session): void;
  /** The one that was kept last, and how long ago. */
  take(): { readonly session: Session; readonly restedMs: number } | undefined;
  dropAll(): void;
};

type Idle = { readonly session: Session; readonly since: number; readonly timer: NodeJS.Timeout };

/** Connections that nobody uses at the moment, each hung up after a while. */
export function idleSessions(idleMs: number, drop: (session: Session) => void): IdleSessions {
  const idle: Idle[] = [];

  function take() {
    const last = idle.pop();
    if (!last) return undefined;
    clearTimeout(last.timer);
    return { session: last.session, restedMs: Date.now() - last.since };
  }

  return {
    keep(session) {
      const timer = setTimeout(() => {
        idle.splice(
          idle.findIndex((one) => one.session === session),
          1,
        );
        drop(session);
      }, idleMs);
      idle.push({ session, since: Date.now(), timer: timer.unref() });
    },
    take,
    dropAll() {
      for (let last = take(); last; last = take()) drop(last.session);
    },
  };
}
