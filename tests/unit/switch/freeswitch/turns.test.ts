import { describe, expect, it } from 'vitest';
import { eslEvent, type EslEvent } from '../../../../src/switch/freeswitch/esl-event.ts';
import type { Leg } from '../../../../src/switch/freeswitch/legs.ts';
import { type TurnEnd, Turns } from '../../../../src/switch/freeswitch/turns.ts';
import { SimulatedClock } from '../../../support/simulated-clock.ts';

/** A channel that does what it is told when the test says so. */
class Channel {
  readonly turns: Turns;
  readonly told: string[] = [];
  readonly ids: string[] = [];
  answer: string | null = '+OK';
  readonly leg = {
    id: 'leg',
    server: {
      isUp: true,
      api: async (command: string) => this.#tell(command.split(' ')[0] ?? ''),
      execute: async (_leg: string, _app: string, arg: string, id: string) => {
        this.ids.push(id);
        return this.#tell(arg);
      },
    },
  } as unknown as Leg;
  readonly ends: string[] = [];

  constructor(clock: SimulatedClock) {
    this.turns = new Turns(clock);
  }

  add(arg: string, isEndless = false) {
    const ended = ({ event, isStopped, isUnseen }: TurnEnd) => {
      this.ends.push([arg, event && 'seen', isStopped && 'stopped', isUnseen && 'unseen'].filter(Boolean).join(' '));
    };
    return this.turns.add(this.leg, { app: 'playback', arg, isEndless, ended });
  }

  began = (which: number) => this.turns.hear(this.leg, this.#event('CHANNEL_EXECUTE', which));
  over = (which: number) => this.turns.hear(this.leg, this.#event('CHANNEL_EXECUTE_COMPLETE', which));

  #event(name: string, which: number): EslEvent {
    const event = eslEvent(JSON.stringify({ 'Event-Name': name, 'Application-UUID': this.ids[which] ?? '' }));
    if (!event) throw new Error('no event');
    return event;
  }

  async #tell(what: string): Promise<string | null> {
    this.told.push(what);
    return this.answer;
  }
}

describe('what a leg does by itself', () => {
  const clock = new SimulatedClock();
  const channel = () => new Channel(clock);

  it('is one thing after another, and music is given to FreeSWITCH before its turn', () => {
    const one = channel();
    for (const arg of ['a', 'b']) one.add(arg);
    one.add('music', true);
    expect(one.told).toEqual(['a']);
    one.began(0);
    one.over(0);
    expect(one.told).toEqual(['a', 'b', 'music']);
    one.over(1);
    expect(one.ends).toEqual(['a seen', 'b seen']);
  });

  it('ends at once when it waits, and by a break when it has begun, however early it was stopped', async () => {
    const one = channel();
    const [first, second] = [one.add('a'), one.add('b')];
    await one.turns.stop(second);
    expect(one.ends).toEqual(['b stopped']);
    const stopped = one.turns.stop(first);
    expect(one.told).toEqual(['a']);
    one.began(0);
    expect(one.told).toEqual(['a', 'uuid_break']);
    one.over(0);
    await stopped;
    expect(one.ends).toEqual(['b stopped', 'a seen stopped']);
  });

  it('is broken again when FreeSWITCH took no notice', async () => {
    const one = channel();
    const first = one.add('a');
    one.began(0);
    const stopped = one.turns.stop(first);
    await clock.advance(450);
    expect(one.told.filter((what) => what === 'uuid_break')).toHaveLength(3);
    one.over(0);
    await stopped;
    await clock.advance(1_000);
    expect(one.told.filter((what) => what === 'uuid_break')).toHaveLength(3);
  });

  it('begins music again that was struck by a break of what was before it', () => {
    const one = channel();
    const first = one.add('a');
    one.add('music', true);
    one.began(0);
    void one.turns.stop(first);
    one.over(0);
    one.began(1);
    one.over(1);
    expect(one.told).toEqual(['a', 'music', 'uuid_break', 'music']);
    one.began(2);
    one.over(2);
    expect(one.ends).toEqual(['a seen stopped', 'music seen']);
  });

  it('settles all that waits when the leg goes, and when FreeSWITCH will not', async () => {
    const one = channel();
    for (const arg of ['a', 'b']) one.add(arg);
    const quiet = one.turns.silence('leg');
    one.turns.legGone(one.leg);
    await quiet;
    expect(one.ends).toEqual(['b stopped', 'a stopped']);
    const none = channel();
    none.answer = '-ERR invalid session id';
    none.add('a');
    await clock.advance(0);
    expect(none.ends).toEqual(['a']);
  });

  it('takes what has ended by the mark as ended while nobody was connected, and goes on with the rest', async () => {
    const one = channel();
    for (const arg of ['a', 'b']) one.add(arg);
    one.began(0);
    await one.turns.resume();
    one.over(1);
    expect(one.ends).toEqual(['a unseen']);
    expect(one.told.at(-1)).toBe('b');
    await one.turns.resume();
    one.over(2);
    one.over(3);
    expect(one.ends).toEqual(['a unseen', 'b seen']);
  });
});
