/** The browser did not do its work; another time it may. */
export class PageTrouble extends Error {
  override readonly name = 'PageTrouble';
}
