import type { SystemName } from '../../hardware/index.ts';
import {
  type Fleet,
  type FleetBus,
  fleetBuses,
  fleetVersion,
} from '../../kernel/configure/fleet/fleet.ts';
import { smallestChoice } from './hitting-set.ts';
import type { CardLeftOut, CardNeed, MachineNeeds } from './needs.ts';

/** Whether every network card of a machine is to be served, or one at least. */
export type CardsWanted = 'every' | 'one';

/** A driver of the scope, and what it is for. */
export interface SuggestedDriver {
  readonly module: string;
  /** Where stock has its module, if that is known. */
  readonly path: string | undefined;
  readonly machines: readonly string[];
  /** How many cards it serves. */
  readonly cards: number;
  readonly reason: string;
}

export type MachineVerdict = 'served' | 'not-served' | 'unknown' | 'no-network-device';

/** What the scope is for a machine. */
export interface SuggestedMachine {
  readonly name: string;
  readonly system: SystemName | undefined;
  readonly verdict: MachineVerdict;
  /** Network cards that the scope serves, of those that there are. */
  readonly served: number;
  readonly cards: number;
  /** Cards that could not be served, and why. */
  readonly leftOut: readonly CardLeftOut[];
}

/** The smallest scope by which a fleet boots. */
export interface Suggestion {
  readonly cards: CardsWanted;
  /** Whether no smaller set of drivers does it; with every card wanted, each is needed. */
  readonly isSmallest: boolean;
  readonly drivers: readonly SuggestedDriver[];
  readonly buses: readonly FleetBus[];
  readonly machines: readonly SuggestedMachine[];
}

/** How many cards a reason names. */
const reasonsShown = 4;

function verdictOf({ cards, leftOut }: MachineNeeds, served: number): MachineVerdict {
  if (served > 0) return 'served';
  if (cards.length + leftOut.length === 0) return 'no-network-device';
  const isOpen = cards.length > 0 || leftOut.some((card) => card.isOpen);
  return isOpen ? 'unknown' : 'not-served';
}

/**
 * Picks the drivers by which the machines of a fleet boot from the network: those of every card, or
 * as few as serve at least one card of each machine.
 *
 * @param path - where a driver's module is, if that is known
 * @param weigh - what a driver costs, in bytes; decides between choices of as many drivers
 */
export function suggestScope(
  machines: readonly MachineNeeds[],
  wanted: CardsWanted,
  path: (module: string) => string | undefined,
  weigh: (module: string) => number = () => 0,
): Suggestion {
  const sure = (machine: MachineNeeds): readonly CardNeed[] =>
    machine.cards.filter(({ isSure }) => isSure);
  const choice =
    wanted === 'every'
      ? {
          items: new Set(machines.flatMap(({ cards }) => cards.flatMap(({ drivers }) => drivers))),
          isSmallest: true,
        }
      : smallestChoice(
          machines
            .map((machine) => sure(machine).map(({ drivers }) => drivers))
            .filter((goal) => goal.length > 0),
          weigh,
        );
  const isServed = ({ drivers }: CardNeed): boolean =>
    drivers.every((driver) => choice.items.has(driver));

  const drivers = Array.from(choice.items, (module): SuggestedDriver => {
    const uses = machines.flatMap(({ name, cards }) =>
      cards
        .filter((card) => card.drivers.includes(module) && isServed(card))
        .map((card) => ({ name, card })),
    );
    const evidence = [...new Set(uses.map(({ card }) => card.evidence))];
    const more = evidence.length - reasonsShown;
    return {
      module,
      path: path(module),
      machines: [...new Set(uses.map(({ name }) => name))],
      cards: uses.length,
      reason: evidence.slice(0, reasonsShown).join(', ') + (more > 0 ? `, and ${more} more` : ''),
    };
  }).sort((a, b) => b.machines.length - a.machines.length || (a.module < b.module ? -1 : 1));

  const served = machines.flatMap(({ cards }) => cards.filter(isServed));
  return {
    cards: wanted,
    isSmallest: choice.isSmallest,
    drivers,
    buses: fleetBuses.filter((bus) => served.some((card) => card.bus === bus)),
    machines: machines.map((machine) => {
      const count = sure(machine).filter(isServed).length;
      return {
        name: machine.name,
        system: machine.system,
        verdict: verdictOf(machine, count),
        served: count,
        cards: machine.cards.length + machine.leftOut.length,
        leftOut: machine.leftOut,
      };
    }),
  };
}

/** A suggestion as `build --scope fleet=FILE` takes it. */
export function fleetOf(suggestion: Suggestion, kernelRelease: string): Fleet {
  return {
    schema: 'bootwright/fleet',
    version: fleetVersion,
    kernelRelease,
    cards: suggestion.cards,
    machines: suggestion.machines.map(({ name, system }) => {
      const text = [system?.vendor, system?.product].filter(Boolean).join(' ');
      return { name, ...(text === '' ? {} : { system: text }) };
    }),
    drivers: suggestion.drivers.map(({ module, path, machines, reason }) => ({
      module,
      ...(path === undefined ? {} : { path }),
      machines: [...machines],
      reason,
    })),
    buses: [...suggestion.buses],
  };
}
