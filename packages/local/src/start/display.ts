/** Shows a text that changes: in place on a terminal, else line by line, each only once. */
import logUpdate from 'log-update';

export type Display = {
  /** `whole` for a terminal; `lines` where there is none: those not shown yet are printed. */
  show(whole: string, lines: readonly string[]): void;
  /** Leaves what is shown where it is. */
  done(): void;
};

export function openDisplay(isTerminal: boolean): Display {
  return isTerminal ? inPlace() : lineByLine();
}

const inPlace = (): Display => ({ show: (whole) => logUpdate(whole), done: () => logUpdate.done() });

function lineByLine(): Display {
  const shown = new Set<string>();
  return {
    show(_whole, lines) {
      for (const line of lines.filter((one) => !shown.has(one))) {
        shown.add(line);
        console.log(line);
      }
    },
    done: () => undefined,
  };
}
