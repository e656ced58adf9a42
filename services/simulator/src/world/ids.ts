/**
 * Ids made from a seed and a running number, so that the same script gives the same ids. Order and item ids have 17
 * digits: more than a double holds, as a reader that parses JSON carelessly shall find out here and not at Lazada.
 */
import { createHash } from 'node:crypto';

export class Ids {
  readonly seed: number;
  serial: number;
  /** Apart, so that what is made later has the same ids however often somebody signed in. */
  secrets: number;
  #requests = 0;

  constructor(seed: number, { serial = 0, secrets = 0 } = {}) {
    this.seed = seed;
    this.serial = serial;
    this.secrets = secrets;
  }

  orderId(): string {
    return this.#digits('4');
  }

  itemId(): string {
    return this.#digits('6');
  }

  sellerId(): string {
    return this.#digits('1').slice(0, 4) + this.#next().toString().padStart(8, '0');
  }

  packageId(): string {
    return `FP${this.#digits('0').slice(1)}`;
  }

  trackingNumber(country: string): string {
    return `SOF${country}${this.#digits('7').slice(1)}`;
  }

  /** Looks like a token; the same seed gives the same ones, which is all the secrecy a stand-in needs. */
  secret(kind: string): string {
    this.secrets += 1;
    return createHash('sha256').update(`${kind}:${this.seed}:${this.secrets}`).digest('hex').slice(0, 40);
  }

  requestId(): string {
    this.#requests += 1;
    return `212${this.seed}${this.#requests.toString(16).padStart(12, '0')}`;
  }

  #next(): number {
    this.serial += 1;
    return this.serial;
  }

  #digits(lead: string): string {
    const seed = (this.seed % 1000).toString().padStart(3, '0');
    return lead + seed + this.#next().toString().padStart(13, '0');
  }
}
