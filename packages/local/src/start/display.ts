/** Shows a text that changes: in place on a terminal, else part by part, each when it is new. */
import logUpdate from 'log-update';

/** A part of the text; of several with one name only the first is ever shown line by line. */
export type Part = { name?: string; text: string };

export type Display = {
  /** `whole` for a terminal; where there is none, those of `parts` that were not shown yet. */
  show(whole: string, parts: readonly Part[]): void;
  /** Leaves what is shown where it is. */
  done(): void;
};

export function openDisplay(isTerminal: boolean): Display {
  return isTerminal ? inPlace() : lineByLine((text) => console.log(text));
}

const inPlace = (): Display => ({ show: (whole) => logUpdate(whole), done: () => logUpdate.done() });

export function lineByLine(print: (text: string) => void): Display {
  const shown = new Set<string>();
  return {
    show(_whole, parts) {
      for (const { text, name = text } of parts) {
        if (shown.has(name)) continue;
        shown.add(name);
        print(text);
      }
    },
    done: () => undefined,
  };
}
