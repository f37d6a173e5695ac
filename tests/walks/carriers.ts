import type { SwitchCommand } from '../../src/call/switch.ts';
import type { TrunkProfile } from '../../src/engine/site.ts';
import { type Behaviour, congested } from '../support/fake-party.ts';
import type { WalkHouse } from './house.ts';

type Order = Extract<SwitchCommand, { type: 'originate' }>;

/** Numbers do as they were told, unless the trunk by which they are dialled is down: it answers 503 by itself. */
export class Carriers {
  readonly down = new Set<string>();
  /** What a trunk that is down does. */
  refusal: Behaviour = congested;
  readonly dialled: { readonly trunk: string; readonly number: string; readonly shown: string | null }[] = [];
  readonly #does = new Map<string, Behaviour>();

  constructor(house: WalkHouse) {
    const { fake } = house;
    const does = fake.do.bind(fake);
    fake.do = async (command: SwitchCommand) => {
      if (command.type === 'originate' && command.to.kind === 'number') this.#dial(house, command, command.to);
      return does(command);
    };
  }

  by(trunk: string): number {
    return this.dialled.filter((dial) => dial.trunk === trunk).length;
  }

  #dial({ fake }: WalkHouse, { callerId: shown }: Order, to: Extract<Order['to'], { kind: 'number' }>): void {
    const line = fake.number(to.number);
    this.dialled.push({ trunk: to.trunk, number: to.number, shown });
    if (line.behaviour !== this.refusal) this.#does.set(to.number, line.behaviour);
    line.behaviour = this.down.has(to.trunk) ? this.refusal : (this.#does.get(to.number) ?? line.behaviour);
  }
}

const trunk = (name: string, change: Partial<TrunkProfile> = {}): TrunkProfile => ({
  name,
  lines: 9,
  cps: 50,
  ...change,
});

/** North before south, as the group `outside`; each shows a number of its own. */
export function northAndSouth(change: Partial<TrunkProfile> = {}) {
  const trunks = ['north', 'south'].map((name, i) => trunk(name, { callerId: `+35890000000${i}`, ...change }));
  const uses = trunks.map(({ name }, tier) => ({ trunk: name, weight: 1, tier }));
  return {
    trunks: new Map(trunks.map((one) => [one.name, one])),
    trunkGroups: new Map([['outside', { name: 'outside', trunks: uses, prefer: 'weight' as const }]]),
  };
}

/** Lines in use, by trunk, counted anew. */
export function linesOf({ engine }: WalkHouse): Readonly<Record<string, number>> {
  const { book } = engine.house;
  book.look();
  const room = (name: string) => book.room([{ trunk: name, weight: 1, tier: 0 }]).linesInUse;
  return { north: room('north'), south: room('south') };
}
