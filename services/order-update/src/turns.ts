/** So many of a kind run here at once. */
export type Turns = {
  /** Answers how to give it back; null: there is none. */
  take(): (() => void) | null;
};

export function createTurns(most: number): Turns {
  let taken = 0;
  return {
    take() {
      if (taken >= most) return null;
      taken += 1;
      return () => {
        taken -= 1;
      };
    },
  };
}
