import { beforeEach, describe, expect, it } from 'vitest';
import { PLAIN_FLOOR } from '../../../src/acd/agent-rules.ts';
import type { AgentLive } from '../../../src/acd/agent.ts';
import { AgentDesk } from '../../../src/engine/agent-desk.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { Recorder } from '../../../src/engine/recorder.ts';
import { createMemoryLive, type MemoryLive } from '../../support/memory-live-store.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { agentProfile } from '../../support/site.ts';
import { silent } from '../../support/silent.ts';

/** A process's desk on a shared store, which hears what the others do unless it is told not to. */
class Desk {
  readonly desk: AgentDesk;
  readonly live: LiveStore;
  readonly moved: string[] = [];
  /** The next call of this method is done, and its answer lost. */
  loses: keyof LiveStore | '' = '';
  watches = true;

  constructor(clock: SimulatedClock, memory: MemoryLive) {
    this.live = new Proxy(memory.connect(), {
      get: (inner, name: keyof LiveStore) => {
        const part = inner[name] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          const lost = this.loses === name;
          if (lost) this.loses = '';
          const answer = await part(...args);
          if (lost) throw new Error('answer lost');
          return answer;
        };
      },
    });
    const moved = ({ live }: { live: AgentLive }) => void this.moved.push(live.state);
    const [leads, watches] = [() => true, () => this.watches];
    const about = {
      clock,
      log: silent,
      live: this.live,
      recorder: new Recorder(clock, silent),
      rules: () => PLAIN_FLOOR,
    };
    this.desk = new AgentDesk({ ...about, moved, leads, watches });
  }

  async start(hears = true): Promise<this> {
    await this.desk.load([agentProfile('alice')]);
    if (hears) await this.live.hear('x', (news) => news.type === 'agent' && this.desk.hear(news.doc));
    return this;
  }

  get alice() {
    return this.desk.find('alice')?.live;
  }

  ready() {
    return this.desk.apply('alice', { type: 'set-status', status: 'ready', reason: null });
  }
}

let clock: SimulatedClock;
let memory: MemoryLive;
let one: Desk;
let two: Desk;
beforeEach(async () => {
  clock = new SimulatedClock();
  memory = createMemoryLive(() => clock.now());
  one = await new Desk(clock, memory).start();
  two = await new Desk(clock, memory).start();
});

const stored = async () => (await memory.connect().loadAgent('alice'))?.body as AgentLive;

describe('two desks', () => {
  it('know at once what the other did', async () => {
    await one.ready();
    await clock.advance(0);
    expect(two.alice).toMatchObject({ status: 'ready' });
    expect(two.moved).toEqual(['idle']);
    await two.desk.reserve('alice', 'c1', 1_000);
    await clock.advance(0);
    expect(one.alice).toMatchObject({ state: 'reserved', callId: 'c1' });
  });

  it('read what they heard when somebody asks, if nobody watches', async () => {
    two.watches = false;
    await one.ready();
    await clock.advance(0);
    expect(two.moved).toEqual([]);
    expect(two.alice).toMatchObject({ status: 'ready' });
  });

  it('hold an agent once, whoever is quicker', async () => {
    await one.ready();
    await clock.advance(0);
    const held = await Promise.all([one.desk.reserve('alice', 'c1', 1_000), two.desk.reserve('alice', 'c2', 1_000)]);
    expect(held.filter((each) => each !== null)).toHaveLength(1);
  });

  it('do nothing for a call that the agent is not busy with any more', async () => {
    await one.ready();
    await clock.advance(0);
    await one.desk.reserve('alice', 'c1', 1_000);
    const late = await two.desk.apply('alice', { type: 'fail', verdict: 'cancelled' }, 'c2');
    expect(late).toEqual({ ok: false, sentence: 'agent alice is not busy with call c2 any more' });
    expect(one.alice).toMatchObject({ state: 'reserved', callId: 'c1' });
  });

  it('find out about a call that was given while they did not hear', async () => {
    const deaf = await new Desk(clock, memory).start(false);
    await one.ready();
    await one.desk.reserve('alice', 'c1', 1_000);
    expect(deaf.alice).toMatchObject({ status: 'logged-out' });
    expect(await deaf.desk.apply('alice', { type: 'ring', legId: 'l' }, 'c1')).toMatchObject({ ok: true });
    expect(await stored()).toMatchObject({ state: 'ringing', callId: 'c1' });
  });

  it('read all again after a gap', async () => {
    const deaf = await new Desk(clock, memory).start(false);
    await one.ready();
    await deaf.desk.reread();
    expect(deaf.alice).toMatchObject({ status: 'ready' });
  });
});

describe('a store that loses an answer', () => {
  it('a hold that was made is ended, and the agent is free', async () => {
    await one.ready();
    one.loses = 'reserve';
    await expect(one.desk.reserve('alice', 'c1', 60_000)).rejects.toThrow('answer lost');
    expect(await memory.connect().reservations()).toEqual([]);
    expect(await stored()).toMatchObject({ state: 'idle', callId: null });
    await clock.advance(0);
    expect([one.alice, two.alice]).toMatchObject([{ state: 'idle' }, { state: 'idle' }]);
    expect(await two.desk.reserve('alice', 'c2', 1_000)).not.toBeNull();
  });

  it('a step that was taken stands, and what another made of it too', async () => {
    one.loses = 'saveAgent';
    const ready = one.ready();
    await two.live.hear('y', () => void two.desk.reserve('alice', 'c1', 60_000));
    await ready;
    await clock.advance(5_000);
    expect(await stored()).toMatchObject({ status: 'ready' });
    expect(one.alice?.state).toBe(two.alice?.state);
    expect(one.alice?.state).toBe((await stored()).state);
  });

  it('what was made while it was away is written when it is back, with its facts', async () => {
    memory.away = true;
    await one.ready();
    expect(one.alice).toMatchObject({ status: 'ready' });
    memory.away = false;
    await clock.advance(1_500);
    expect(await stored()).toMatchObject({ status: 'ready' });
    const events = await memory.connect().read(null, 10);
    expect(events.map(({ event }) => event.type)).toEqual(['agent.status.changed']);
  });

  it('a step about an offer is not made again on the next offer of the same call', async () => {
    await one.ready();
    const first = await two.desk.reserve('alice', 'call-1', 10_000);
    one.loses = 'saveAgent';
    await one.live.endReservation('call-1', first?.fence ?? 0);
    await one.desk.apply('alice', { type: 'fail', verdict: 'cancelled' }, 'call-1');
    await clock.advance(10);
    await two.desk.reserve('alice', 'call-1', 10_000);
    await clock.advance(5_000);
    expect([one.alice?.state, two.alice?.state]).toEqual(['reserved', 'reserved']);
  });

  it('steps made while it was away are made again on what others wrote meanwhile', async () => {
    const away = await new Desk(clock, memory).start(false);
    await one.ready();
    await one.desk.reserve('alice', 'c1', 60_000);
    await away.desk.reread();
    memory.away = true;
    await away.desk.apply('alice', { type: 'ring', legId: 'l' }, 'c1');
    expect(away.alice).toMatchObject({ state: 'ringing' });
    memory.away = false;
    await one.desk.apply('alice', { type: 'set-status', status: 'not-ready', reason: 'x' });
    await clock.advance(3_000);
    expect(await stored()).toMatchObject({ state: 'ringing', status: 'not-ready', callId: 'c1' });
  });
});
