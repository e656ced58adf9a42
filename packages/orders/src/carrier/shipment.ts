/** What a carrier tells of a parcel, in our words. A connector makes it of the carrier's answer; what follows say the rules beside. */

/** `announced`: it does not have the parcel yet. `unknown`: also every word that the carrier's table does not have. */
export const CARRIER_CODES = ['announced', 'transit', 'delivered', 'failure', 'unknown'] as const;
export type CarrierCode = (typeof CARRIER_CODES)[number];

export type CarrierEvent = {
  /** Null: it names none. */
  readonly code: CarrierCode | null;
  /** As the carrier wrote it: with a zone or without, or a day alone. Null: none. */
  readonly time: string | null;
  /** Of its place, in two letters. Null: none is named. */
  readonly country: string | null;
  /** Its words say that the parcel goes back to its sender. */
  readonly goesBack: boolean;
};

export type CarrierShipment = {
  readonly number: string;
  /** The carrier's own name for the kind of shipment. */
  readonly service: string | null;
  /** The country of its destination, in two letters. */
  readonly destination: string | null;
  /** Marked as a return as a whole. */
  readonly goesBack: boolean;
  /** How it stands now. */
  readonly status: CarrierEvent;
  /** Newest first, as carriers list them; those of one moment in the order in which they come. */
  readonly events: readonly CarrierEvent[];
};
