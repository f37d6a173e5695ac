import type { AgentId } from '../call/ids.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { PhoneAccount, PhoneAccounts } from './ports/phone-accounts.ts';
import type { Answer } from './ports/service.ts';
import type { Log } from './ports/time.ts';
import type { Site } from './site.ts';

interface DeskRooms {
  readonly log: Log;
  readonly site: Pick<Site, 'agents'>;
  readonly desk: Pick<AgentDesk, 'find' | 'all'>;
  /** Left out: the switch is the house's own, and so are its accounts. */
  readonly accounts?: PhoneAccounts;
}

const no = (why: 'not-found' | 'conflict', sentence: string) => ({ ok: false, why, sentence }) as const;

/** Accounts for the phones of agents whom the API added; they go when their agents do. */
export class PhoneAccountDesk {
  readonly #rooms: DeskRooms;

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
  }

  async give(id: AgentId): Promise<Answer<PhoneAccount>> {
    const { desk, accounts, log } = this.#rooms;
    const agent = desk.find(id);
    if (!agent) return no('not-found', `There is no agent ${id}.`);
    const { phone } = agent.profile;
    if (!accounts) return no('conflict', `The switch is your own: give phone ${phone} its account there.`);
    if (this.#ofTheSite().has(phone))
      return no('conflict', `Phone ${phone} belongs to an agent of agents.yaml: its password is in phones.txt.`);
    try {
      return { ok: true, value: await accounts.give(phone) };
    } catch (error) {
      log.warn({ err: error, agentId: id }, 'a phone got no account');
      return no('conflict', faultOf(error));
    }
  }

  /** Agents came, went or changed their phones. What cannot be taken away now is so the next time. */
  follow(): void {
    const { accounts, desk, log } = this.#rooms;
    const phones = new Set(desk.all().map(({ profile }) => profile.phone));
    for (const phone of this.#ofTheSite()) phones.delete(phone);
    accounts?.keep(phones).catch((error: unknown) => {
      log.error({ err: error }, 'accounts of phones whose agents are gone are still there');
    });
  }

  #ofTheSite(): ReadonlySet<string> {
    return new Set(this.#rooms.site.agents.map(({ phone }) => phone));
  }
}

const faultOf = (error: unknown): string =>
  error instanceof Error && error.name.endsWith('Fault')
    ? error.message
    : 'The switch could not be told; the log says why.';
