/** The browser did not do its work; another time it may. */
export class PageTrouble extends Error {
  override readonly name: string = 'PageTrouble';
}

/** There is none: no page is drawn before it starts. */
export class NoBrowser extends PageTrouble {
  override readonly name = 'NoBrowser';
}

/** The page was ended for what it took: another time it will be no less. */
export class PageTooHeavy extends Error {
  override readonly name = 'PageTooHeavy';
}
