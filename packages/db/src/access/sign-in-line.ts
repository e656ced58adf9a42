/**
 * The line before the hashing of passwords. An address costs nothing: whoever has one line of IPv6 has 256 or 65,536 networks
 * of a machine (/64). So their wider networks (/48, of IPv4 /24) come by turns, and when the line is full, whichever of them
 * holds most of it gives way to one that holds less. Who got in lately finds a place kept, however many others come.
 */
import { siteBlock } from './site-block.ts';

/** `network`: as `SignInFrom` has it. */
export type Trier = { readonly network: string; readonly user: string };

export type Work = {
  begin(): Promise<void>;
  /** It has not begun, and another has its place. */
  putOut(): void;
};
export type Place = Work & { readonly pair: string; readonly network: string; readonly wide: string };

export type SignInLine = {
  /** False: there is no place. */
  enter(trier: Trier, work: Work): boolean;
  /** Whose turn it is, until they leave; undefined: nobody waits who may begin now. */
  next(): Place | undefined;
  leave(place: Place): void;
  /** They got in. */
  know(trier: Trier): void;
};

const SIZES = {
  mostInLine: 100,
  /** Beside them, one for each of those who got in lately. */
  mostKept: 10,
  mostKnown: 1_000,
};
export type LineSizes = Partial<typeof SIZES>;

export function openSignInLine(sizes: LineSizes = {}): SignInLine {
  const { mostInLine, mostKept, mostKnown } = { ...SIZES, ...sizes };
  const known = new Set<string>();
  const kept = new Map<string, Place>();
  const open = new Set<Place>();
  const begun = new Set<Place>();
  /** Wider networks that are in line, in the order of their turns. */
  const turns = new Set<string>();

  const isAtWork = (network: string) => [...begun].some((place) => place.network === network);
  const mayBegin = (place: Place) => !begun.has(place) && !isAtWork(place.network);

  function nextByTurns(): Place | undefined {
    for (const wide of turns) {
      const place = [...open].find((one) => one.wide === wide && mayBegin(one));
      if (!place) continue;
      turns.delete(wide); // it comes last again
      turns.add(wide);
      return place;
    }
    return undefined;
  }

  function leave(place: Place): void {
    begun.delete(place);
    if (kept.get(place.pair) === place) kept.delete(place.pair);
    open.delete(place);
    if (![...open].some(({ wide }) => wide === place.wide)) turns.delete(place.wide);
  }

  return {
    enter(trier, work) {
      const place = { ...work, ...whose(trier) };
      if (known.has(place.pair) && !kept.has(place.pair) && kept.size < mostKept) {
        kept.set(place.pair, place);
        return true;
      }
      if (open.size >= mostInLine) {
        const last = whoGivesWay([...open], { to: place, begun });
        if (!last) return false;
        leave(last);
        last.putOut();
      }
      open.add(place);
      turns.add(place.wide);
      return true;
    },

    next() {
      const place = [...kept.values()].find(mayBegin) ?? nextByTurns();
      if (place) begun.add(place);
      return place;
    },

    leave,

    know(trier) {
      const { pair } = whose(trier);
      known.delete(pair); // it comes last again
      known.add(pair);
      const [oldest] = known;
      if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
    },
  };
}

const whose = ({ network, user }: Trier): Pick<Place, 'pair' | 'network' | 'wide'> => ({
  pair: JSON.stringify([network, user]),
  network,
  wide: siteBlock(network) ?? network.replace(/^(\d+\.\d+\.\d+)\.\d+$/, '$1.0/24'),
});

type Coming = { readonly to: Place; readonly begun: ReadonlySet<Place> };

/** Of the wider network that holds most, else of the network within one's own that does; nobody for one who would then hold as much. */
function whoGivesWay(open: readonly Place[], { to, begun }: Coming): Place | undefined {
  const [byWide, byNetwork] = [Map.groupBy(open, ({ wide }) => wide), Map.groupBy(open, ({ network }) => network)];
  const ofWide = ({ wide }: Place) => byWide.get(wide)?.length ?? 0;
  const ofNetwork = ({ network }: Place) => byNetwork.get(network)?.length ?? 0;
  const waiting = open.filter((place) => !begun.has(place));
  const most = lastOfMost(waiting, ofWide);
  const isFair = most && ofWide(most) > ofWide(to) + 1;
  const found = lastOfMost(
    waiting.filter(({ wide }) => wide === (isFair ? most.wide : to.wide)),
    ofNetwork,
  );
  return found && (isFair || ofNetwork(found) > ofNetwork(to) + 1) ? found : undefined;
}

const lastOfMost = (places: readonly Place[], held: (place: Place) => number): Place | undefined =>
  places.reduce<Place | undefined>((most, place) => (most && held(most) > held(place) ? most : place), undefined);
