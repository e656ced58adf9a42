/** The ways of reporting ends, and all that they differ in: checks, candidates, reports and account fields ask this table. */

export type DriverTraits = {
  /** The marketplace hears `shipped` too; else the ends alone are reported. */
  readonly reportsShipped: boolean;
  /** Acts per tracking number: nothing can be reported before there is one. */
  readonly needsTrackingNumber: boolean;
  /** Signs in with the account's `sof_username` and `sof_password`. */
  readonly needsSofLogin: boolean;
  /** Any refusal may mean that the package is in another state by now: the items are read before a repeat. */
  readonly judgesState: boolean;
};

/** `sofp`: the SOF module, per tracking number. `dbs`: the Open Platform's "delivered by seller", per package. */
export const DRIVERS = {
  sofp: { reportsShipped: true, needsTrackingNumber: true, needsSofLogin: true, judgesState: false },
  dbs: { reportsShipped: false, needsTrackingNumber: false, needsSofLogin: false, judgesState: true },
} as const satisfies Record<string, DriverTraits>;

export type SofDriver = keyof typeof DRIVERS;
export const SOF_DRIVERS = Object.keys(DRIVERS) as readonly SofDriver[];
/** Of an account that names none. */
export const DEFAULT_SOF_DRIVER: SofDriver = 'sofp';

export const traitsOf = ({ sofDriver }: { readonly sofDriver: SofDriver }): DriverTraits => DRIVERS[sofDriver];
