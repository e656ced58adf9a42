/** The browser did not do its work; another time it may. */
export class PageTrouble extends Error {
  override readonly name = 'PageTrouble';
}

/** The page was ended for what it took: another time it will be no less. */
export class PageTooHeavy extends Error {
  override readonly name = 'PageTooHeavy';
}
