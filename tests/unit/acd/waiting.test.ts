import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  offersCallback,
  startWaiting,
  type WaitEvent,
  type WaitState,
  type WaitStep,
  waitStateSchema,
  waitStep,
  wantsEstimate,
} from '../../../src/acd/waiting.ts';
import type { QueueAnnouncements } from '../../../src/call/routing.ts';
import { JOURNAL } from '../../../src/call/journal.ts';
import { queue, request, T0 } from './builders.ts';

const start = (profile = queue(), asked = request()) =>
  startWaiting(profile, asked, T0, { callId: 'c1', language: 'fi' });

/** Steps through events 1 s apart; the last step, with all commands on the way. */
function walk(first: WaitStep, ...events: readonly WaitEvent[]): WaitStep & { readonly last: WaitStep['commands'] } {
  let step = { ...first, last: first.commands };
  for (const [i, event] of events.entries()) {
    const next = waitStep(step.state, event, T0 + (i + 1) * 1000);
    step = { ...next, commands: [...step.commands, ...next.commands], last: next.commands };
  }
  return step;
}

const said = (n: number) => ({ type: 'playback.finished', playbackId: `c1-w${n}`, completed: true }) as const;
const position = (n: number, estimateMs: number | null = null) =>
  ({ type: 'position', position: n, estimateMs }) as const;
const tick = { type: 'timer', name: 'wait.position' } as const;
const tooLong = { type: 'timer', name: 'wait.max' } as const;
const positionMessage = (n: number, value: number) => ({
  type: 'play',
  playbackId: `c1-w${n}`,
  language: 'fi',
  media: [
    { kind: 'file', path: 'fi/queue.position' },
    { kind: 'file', path: 'fi/say.number' },
    { kind: 'file', path: `fi/say.n.${value}` },
  ],
});
/** The clock of position messages, set anew after `s` seconds. */
const rearmed = (s: number) => ({ type: 'timer', name: 'wait.position', at: T0 + s * 1000 + 30_000 });
const music = { type: 'music.start', class: 'default' } as const;
const silence = { type: 'music.stop' } as const;

describe('waiting', () => {
  it('begins with the greeting and the clocks', () => {
    expect(start().commands).toEqual([
      { type: 'timer', name: 'wait.max', at: T0 + 600_000 },
      { type: 'timer', name: 'wait.position', at: T0 + 30_000 },
      { type: 'play', playbackId: 'c1-w1', media: [{ kind: 'file', path: 'fi/queue.wait' }], language: 'fi' },
      music,
    ]);
    expect(start().state.timers).toEqual({ 'wait.max': T0 + 600_000, 'wait.position': T0 + 30_000 });
  });

  it('takes the longest wait from the call where the call has one', () => {
    expect(start(queue(), request({ maxWaitMs: 5_000 })).state.timers['wait.max']).toBe(T0 + 5_000);
  });

  it('says the first position once, after the greeting, then plays music', () => {
    const step = walk(start(), position(3), position(2), said(1));
    expect(step.last).toEqual([silence, positionMessage(2, 2), music]);
    expect(step.facts).toEqual([{ type: 'call.position.announced', data: { queue: 'support', position: 2 } }]);
    const over = walk(start(), position(3), position(2), said(1), said(2));
    expect([over.state.phase, over.last]).toEqual(['music', []]);
  });

  it('says a position that comes after the greeting at once', () => {
    expect(walk(start(), said(1), position(4)).last).toEqual([silence, positionMessage(2, 4), music]);
  });

  it('says another only when it is better than the last one said', () => {
    const spoken = [said(1), position(4), said(2)];
    expect(walk(start(), ...spoken, tick).last).toEqual([rearmed(4)]);
    expect(walk(start(), ...spoken, position(5), tick).last).toEqual([rearmed(5)]);
    expect(walk(start(), ...spoken, position(3), tick).last).toEqual([
      rearmed(5),
      silence,
      positionMessage(3, 3),
      music,
    ]);
  });

  it.each([
    ['switched off', { everyMs: 30_000, position: false }],
    ['without interval', { everyMs: 0, position: true }],
  ])('never says a position where that is %s', (_title, announce) => {
    const step = walk(start(queue({ announce })), position(2), said(1), position(1));
    expect(step.state.phase).toBe('music');
    expect(step.state.timers).toEqual({ 'wait.max': T0 + 600_000 });
  });

  const asks = (announce: QueueAnnouncements, profile = queue()) => start(profile, request({ announce }));
  const wants = { position: 'always', estimate: 'never', everyMs: null, music: null } as const;

  it('says the place again and again to who wants that', () => {
    const told = [said(1), position(4), said(2)];
    expect(walk(asks(wants), ...told, tick).last).toEqual([rearmed(4), silence, positionMessage(3, 4), music]);
  });

  it('says how long it may take, with the place or without it, and nothing of what nobody knows', () => {
    const estimate = (from: number, to: number) => [
      { kind: 'file', path: 'fi/queue.estimate.between' },
      { kind: 'file', path: `fi/say.n.${from}` },
      { kind: 'file', path: 'fi/queue.estimate.and' },
      { kind: 'file', path: `fi/say.n.${to}` },
      { kind: 'file', path: 'fi/say.minute.other' },
    ];
    const words = (step: WaitStep) =>
      step.commands.flatMap((command) => (command.type === 'play' ? command.media : []));
    const alone = { ...wants, position: 'never', estimate: 'range' } as const;
    expect(words(walk(asks(alone), said(1), position(2, 240_000))).slice(1)).toEqual(estimate(3, 6));
    expect(walk(asks(alone), said(1), position(2, 240_000)).facts).toEqual([]);
    expect(walk(asks(alone), said(1), position(2, null)).last).toEqual([]);
    const both = { ...wants, position: 'onlyIfImproved', estimate: 'range' } as const;
    const first = walk(asks(both), said(1), position(2, 240_000));
    expect(words(first).slice(1)).toEqual([...positionMessage(2, 2).media, ...estimate(3, 6)]);
    expect(words(walk(first, said(2), position(2, 60_000), tick)).slice(-5)).toEqual(estimate(1, 2));
  });

  it('takes music and interval from the call where it names them, else from the queue', () => {
    const step = asks({ ...wants, everyMs: 15_000, music: 'jazz' });
    expect(step.commands).toContainEqual({ type: 'music.start', class: 'jazz' });
    expect(step.state.timers['wait.position']).toBe(T0 + 15_000);
    expect(asks(wants).state.timers['wait.position']).toBe(T0 + 30_000);
    expect(asks({ ...wants, position: 'never' }).state.timers['wait.position']).toBeUndefined();
  });

  it('says no place in a language that has no words for it', () => {
    const spoken = startWaiting(queue(), request(), T0, { callId: 'c1', language: 'tlh' });
    expect(walk(spoken, said(1), position(2)).last).toEqual([]);
  });

  it('goes on with music when the greeting could not be played', () => {
    const failed = { type: 'playback.finished', playbackId: 'c1-w1', completed: false } as const;
    expect(start().commands).toContainEqual(music);
    expect(walk(start(), failed)).toMatchObject({ state: { phase: 'music' }, last: [] });
  });

  it('ends after the longest wait, during music and while speaking', () => {
    const clear = ['wait.max', 'wait.position'].map((name) => ({ type: 'timer', name, at: null }));
    const leave = { type: 'leave', outcome: 'timeout' };
    expect(walk(start(), tooLong).last).toEqual([...clear, { type: 'stop', playbackId: 'c1-w1' }, silence, leave]);
    expect(walk(start(), said(1), tooLong).last).toEqual([...clear, silence, leave]);
  });

  it('falls silent when an agent talks', () => {
    const step = walk(start(), { type: 'connected' });
    expect(step.last).toContainEqual({ type: 'stop', playbackId: 'c1-w1' });
    expect(step.state).toMatchObject({ phase: 'over', timers: {} });
  });

  it('plays music again after a crash, whatever was being said', () => {
    const step = walk(start(), { type: 'resumed' });
    expect(step.last).toEqual([{ type: 'stop', playbackId: 'c1-w1' }, music]);
    expect(walk(start(), said(1), { type: 'resumed' }).last).toEqual([music]);
  });
});

const EVENTS = {
  position: position(2),
  'playback.finished': said(2),
  'another playback': said(9),
  'wait.position': tick,
  'wait.max': tooLong,
  'another timer': { type: 'timer', name: 'menu' },
  connected: { type: 'connected' },
  resumed: { type: 'resumed' },
} as const satisfies Record<string, WaitEvent>;

/** Every phase × event → phase; `=` nothing changes. The caller of each row was told position 3 already. */
const TABLE = {
  speaking: ['speaking', 'music', '=', 'speaking', 'over', '=', 'over', 'music'],
  music: ['music', '=', '=', 'music', 'over', '=', 'over', 'music'],
  over: ['=', '=', '=', '=', '=', '=', '=', '='],
} as const;

describe('the wait machine', () => {
  const speaking = walk(start(), position(3), said(1)).state;
  const states: Readonly<Record<WaitState['phase'], WaitState>> = {
    speaking,
    music: walk(start(), position(3), said(1), said(2)).state,
    over: walk(start(), { type: 'connected' }).state,
  };
  const cases = Object.entries(TABLE).flatMap(([phase, cells]) =>
    Object.entries(EVENTS).map(([name, event], column) => ({
      phase: phase as WaitState['phase'],
      name,
      event,
      expected: cells[column],
    })),
  );

  it.each(cases)('$phase + $name → $expected', ({ phase, event, expected }) => {
    const before = states[phase];
    const step = waitStep(before, event, T0 + 60_000);
    expect(step.state === before ? '=' : step.state.phase).toBe(expected);
    expect(waitStateSchema.parse(JSON.parse(JSON.stringify(step.state)))).toEqual(step.state);
  });
});

const eventArb: fc.Arbitrary<WaitEvent> = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map(position),
  fc.record({
    type: fc.constant('playback.finished' as const),
    playbackId: fc.integer({ min: 1, max: 12 }).map((n) => `c1-w${n}`),
    completed: fc.boolean(),
  }),
  fc.constantFrom(tick, tick, tooLong, { type: 'timer', name: 'x' } as const),
  fc.constantFrom({ type: 'resumed' } as const, { type: 'connected' } as const),
);

describe('whatever happens', () => {
  it('whatever is said, music is there to follow it until the wait is over, and every wait has its end in sight', () => {
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 60 }), (events) => {
        let step = start();
        const hears = { music: false, playback: null as string | null };
        const listen = () => {
          for (const command of step.commands) {
            if (command.type === 'play') hears.playback = command.playbackId;
            if (command.type === 'stop' && hears.playback === command.playbackId) hears.playback = null;
            if (command.type === 'music.start') hears.music = true;
            if (command.type === 'music.stop') hears.music = false;
          }
        };
        listen();
        for (const [i, event] of events.entries()) {
          if (event.type === 'playback.finished' && event.playbackId === hears.playback) hears.playback = null;
          step = waitStep(step.state, event, T0 + i * 1000);
          listen();
          for (const fact of step.facts) JOURNAL[fact.type].parse(fact.data);
          if (step.state.phase === 'over') {
            expect(step.state.timers).toEqual({});
            return;
          }
          // Also when nobody is left to hear the words end.
          expect(hears.music).toBe(true);
          expect(step.state.playbackId).toBe(hears.playback);
          expect(step.state.timers['wait.max']).toBe(T0 + 600_000);
        }
      }),
    );
  });

  it('announced positions only become better', () => {
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 60 }), (events) => {
        let step = start();
        const heard: number[] = [];
        for (const event of events) {
          step = waitStep(step.state, event, T0);
          for (const fact of step.facts) if (fact.type === 'call.position.announced') heard.push(fact.data.position);
        }
        expect(heard).toEqual([...new Set(heard)].sort((a, b) => b - a));
      }),
    );
  });
});

describe('the offer of a callback', () => {
  const offer = (whenEstimateOverMs: number) => ({
    offerCallback: { key: '1', prompt: 'callback.offer', whenEstimateOverMs, keepPlace: true },
  });
  const quiet = { announce: { position: 'never', estimate: 'never', everyMs: null, music: null } } as const;
  const heard = (step: WaitStep) =>
    step.commands.flatMap((command) => (command.type === 'play' ? command.media.map(nameOf) : []));
  const nameOf = (media: object) => ('path' in media ? String(media.path) : '');
  const at = (step: WaitStep, event: WaitEvent, minutes: number) => waitStep(step.state, event, T0 + minutes * 60_000);

  it('is made with the first announcement at which the estimate is longer, and known from then on', () => {
    const first = walk(start(queue(), request({ ...offer(120_000), ...quiet })), said(1), position(2, 100_000));
    expect([heard(first), wantsEstimate(first.state), offersCallback(first.state)]).toEqual([
      ['fi/queue.wait'],
      true,
      false,
    ]);
    const longer = walk(first, position(2, 130_000));
    expect([heard(longer).at(-1), offersCallback(longer.state)]).toEqual(['fi/callback.offer', true]);
  });

  it('is not made when nobody knows how long it takes, unless it is made to all', () => {
    const over = walk(start(queue(), request({ ...offer(1_000), ...quiet })), said(1), position(2));
    expect(heard(over)).toEqual(['fi/queue.wait']);
    const all = walk(start(queue(), request({ ...offer(0), ...quiet })), said(1), position(2));
    expect([heard(all), wantsEstimate(all.state)]).toEqual([['fi/queue.wait', 'fi/callback.offer'], false]);
  });

  it('is made again after three minutes, not with every announcement', () => {
    let step: WaitStep = walk(start(queue(), request({ ...offer(0), ...quiet })), said(1), position(2), said(2));
    const made: number[] = [];
    for (let half = 1; half < 16; half += 1) {
      step = at(step, tick, half / 2);
      if (heard(step).length > 0) made.push(half / 2);
      step = at(
        step,
        { type: 'playback.finished', playbackId: step.state.playbackId ?? '', completed: true },
        half / 2,
      );
    }
    expect(made).toEqual([3.5, 6.5]);
  });
});

describe('a notice', () => {
  const notice = { type: 'notice', prompt: 'queue.returned' } as const;

  it('is said at once during music, after what is being said, and leaves the first announcement to come', () => {
    const media = [{ kind: 'file', path: 'fi/queue.returned' }];
    const later = walk(start(), notice);
    expect(later.last).toEqual([]);
    const said1 = walk(later, said(1));
    expect(said1.last).toContainEqual({ type: 'play', playbackId: 'c1-w2', media, language: 'fi' });
    expect(walk(said1, position(1), said(2)).last).toContainEqual(positionMessage(3, 1));
    const now = walk(start(), said(1), position(1), said(2), notice);
    expect(now.last).toContainEqual({ type: 'play', playbackId: 'c1-w3', media, language: 'fi' });
    expect(walk(now, said(3), tick).state.phase).toBe('music');
  });
});
