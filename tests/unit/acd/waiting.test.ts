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
const MINUTE = 60_000;
/** A place, and what may be said of the wait, minutes; 0: at most so many. */
const wait = (n: number, from: number, to: number) =>
  ({ ...position(n, (from + to) * 30_000), range: { fromMs: from * MINUTE, toMs: to * MINUTE } }) as const;
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

  it('greets with the words of the queue, or with music at once', () => {
    const own = start(queue({ greeting: 'web' }));
    expect(own.commands).toContainEqual({
      type: 'play',
      playbackId: 'c1-w1',
      media: [{ kind: 'file', path: 'fi/web' }],
      language: 'fi',
    });
    const silent = start(queue({ greeting: null }));
    expect(silent).toMatchObject({ state: { phase: 'music', playbackId: null, first: true } });
    expect(silent.commands.filter(({ type }) => type !== 'timer')).toEqual([music]);
    expect(walk(silent, position(2)).last).toEqual([silence, positionMessage(1, 2), music]);
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

  const words = (step: WaitStep, from = step.commands) =>
    from
      .flatMap((command) => (command.type === 'play' ? command.media : []))
      .flatMap((media) => (media.kind === 'file' ? [media.path.slice(3)] : []));
  const between = (from: number, to: number) =>
    from === 0
      ? ['queue.estimate.most', `say.n.${to}`, 'say.minute.other']
      : ['queue.estimate.between', `say.n.${from}`, 'queue.estimate.and', `say.n.${to}`, 'say.minute.other'];
  const place = (n: number) => ['queue.position', 'say.number', `say.n.${n}`];
  const alone = { ...wants, position: 'never', estimate: 'range' } as const;

  it('says how long it may take, with the place or without it, and nothing of what nobody is sure of', () => {
    const told = walk(asks(alone), said(1), wait(2, 3, 6));
    expect(words(told).slice(1)).toEqual(between(3, 6));
    expect(told.facts).toEqual([
      {
        type: 'call.estimate.announced',
        data: { queue: 'support', fromMs: 3 * MINUTE, toMs: 6 * MINUTE, estimateMs: 4.5 * MINUTE, waitedMs: 2_000 },
      },
    ]);
    expect(words(walk(asks(alone), said(1), wait(2, 0, 2))).slice(1)).toEqual(between(0, 2));
    expect(walk(asks(alone), said(1), position(2, null)).last).toEqual([]);
    expect(walk(asks(alone), said(1), position(2, 240_000)).last).toEqual([]);
    const both = { ...wants, position: 'onlyIfImproved', estimate: 'range' } as const;
    const first = walk(asks(both), said(1), wait(2, 3, 6));
    expect(words(first).slice(1)).toEqual([...place(2), ...between(3, 6)]);
    expect(words(walk(first, said(2), wait(2, 2, 4), tick)).slice(-5)).toEqual(between(2, 4));
  });

  it.each([
    ['a longer one', 4, 7],
    ['a higher upper end', 3, 7],
    ['a higher lower end', 4, 6],
  ])('says nothing of time when it has become worse: %s', (_title, from, to) => {
    const first = walk(asks({ ...alone, position: 'always' }), said(1), wait(4, 3, 6), said(2));
    const worse = walk(first, wait(4, from, to), tick);
    expect(words(worse, worse.last)).toEqual(place(4));
    // Once it is better than what was said last, it is said again.
    expect(words(walk(worse, said(3), wait(3, 2, 6), tick)).slice(-8)).toEqual([...place(3), ...between(2, 6)]);
  });

  it('says no range again whose upper end has passed, but a lower one', () => {
    const first = walk(asks(alone), said(1), wait(4, 3, 6), said(2)).state;
    const saysAt = (event: WaitEvent, ms: number) => {
      const step = waitStep(waitStep(first, event, ms).state, tick, ms);
      return words(step, step.commands);
    };
    expect(saysAt(wait(4, 3, 6), T0 + 6 * MINUTE)).toEqual(between(3, 6));
    expect(saysAt(wait(4, 3, 6), T0 + 6 * MINUTE + 2_000)).toEqual([]);
    expect(saysAt(wait(4, 2, 4), T0 + 6 * MINUTE + 2_000)).toEqual(between(2, 4));
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

describe('messages of the queue', () => {
  const COMFORT = { everyMs: 20_000, prompts: ['web', 'hours'] };
  const comfort = { type: 'timer', name: 'wait.comfort' } as const;
  const profile = queue({ comfort: COMFORT });
  const spoken = (step: { readonly last: WaitStep['commands'] }) =>
    step.last.flatMap((command) => (command.type === 'play' ? command.media : []));
  const message = (name: string) => [{ kind: 'file', path: `fi/${name}` }];
  const at = (s: number) => ({ type: 'timer', name: 'wait.comfort', at: T0 + s * 1_000 });

  it('come in turn, each with music behind it', () => {
    expect(start(profile).state.timers['wait.comfort']).toBe(T0 + 20_000);
    const first = walk(start(profile), said(1), position(3), said(2), comfort);
    expect(first.last).toEqual([
      at(24),
      silence,
      { type: 'play', playbackId: 'c1-w3', language: 'fi', media: message('web') },
      music,
    ]);
    const second = walk(first, said(3), comfort);
    expect(spoken(second)).toEqual(message('hours'));
    expect(spoken(walk(second, said(4), comfort))).toEqual(message('web'));
  });

  it('wait until all else is said, and a little longer', () => {
    expect(walk(start(profile), comfort).last).toEqual([at(1 + 5)]);
  });

  it('begin only after an announcement that is near', () => {
    const near = waitStep(walk(start(profile), said(1), position(3), said(2)).state, comfort, T0 + 25_001);
    expect(near.commands).toEqual([at(30 + 5)]);
    const early = waitStep(walk(start(profile), said(1), position(3), said(2)).state, comfort, T0 + 25_000);
    expect(early.state.comforting).toBe(true);
  });

  it('give way to an announcement, and to nothing when there is none', () => {
    const during = walk(start(profile), said(1), position(3), said(2), comfort);
    expect(walk(during, tick)).toMatchObject({ last: [rearmed(1)], state: { comforting: true } });
    const better = walk(during, position(2), tick);
    expect(better.last).toEqual([
      rearmed(2),
      { type: 'stop', playbackId: 'c1-w3' },
      silence,
      positionMessage(4, 2),
      music,
    ]);
    expect(walk(better, said(3)).last).toEqual([]);
    const late = walk(start(profile), said(1), comfort);
    expect(spoken(late)).toEqual(message('web'));
    expect(spoken(walk(late, position(3)))).toEqual(positionMessage(3, 3).media);
  });

  it('are said where nothing is announced at all', () => {
    const quiet = queue({ comfort: COMFORT, announce: { everyMs: 0, position: false } });
    expect(spoken(walk(start(quiet), said(1), comfort))).toEqual(message('web'));
  });
});

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

const COMFORT_TICK = { type: 'timer', name: 'wait.comfort' } as const;
const eventArb: fc.Arbitrary<WaitEvent> = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((n) => position(n)),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 9 }), fc.integer({ min: 1, max: 9 }))
    .map(([n, from, more]) => wait(n, from, from + more)),
  fc.record({
    type: fc.constant('playback.finished' as const),
    playbackId: fc.integer({ min: 1, max: 12 }).map((n) => `c1-w${n}`),
    completed: fc.boolean(),
  }),
  fc.constantFrom(tick, tick, tooLong, { type: 'timer', name: 'x' } as const, COMFORT_TICK, COMFORT_TICK),
  fc.constantFrom({ type: 'resumed' } as const, { type: 'connected' } as const),
);

const TALKATIVE = queue({ comfort: { everyMs: 10_000, prompts: ['web', 'hours'] } });
const ALL = { position: 'onlyIfImproved', estimate: 'range', everyMs: null, music: null } as const;

describe('whatever happens', () => {
  it('whatever is said, music is there to follow it until the wait is over, and every wait has its end in sight', () => {
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 60 }), (events) => {
        let step = start(TALKATIVE, request({ announce: ALL }));
        const hears = { music: false, playback: null as string | null };
        const listen = () => {
          for (const command of step.commands) {
            if (command.type === 'play') {
              // Never two messages at once.
              expect(hears.playback).toBeNull();
              hears.playback = command.playbackId;
            }
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
        let step = start(TALKATIVE, request({ announce: ALL }));
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

  it('what is said of the wait never counts up, and a passed end is not repeated', () => {
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 60 }), (events) => {
        let step = start(TALKATIVE, request({ announce: ALL }));
        let last = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, at: 0 };
        for (const [i, event] of events.entries()) {
          const now = T0 + i * 20_000;
          step = waitStep(step.state, event, now);
          for (const fact of step.facts) {
            if (fact.type !== 'call.estimate.announced') continue;
            const { fromMs, toMs } = fact.data;
            expect([fromMs <= last.fromMs, toMs <= last.toMs]).toEqual([true, true]);
            const same = fromMs === last.fromMs && toMs === last.toMs;
            if (same) expect(now).toBeLessThan(last.at + toMs);
            else last = { fromMs, toMs, at: now };
          }
        }
      }),
    );
  });

  it('a message of the queue holds up no announcement', () => {
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 60 }), (events) => {
        let state = start(TALKATIVE, request({ announce: ALL })).state;
        for (const [i, event] of events.entries()) {
          const now = T0 + i * 1_000;
          const quiet: WaitState = { ...state, phase: 'music', playbackId: null, comforting: false };
          const step = waitStep(state, event, now);
          if (state.comforting && event.type === 'timer' && event.name === 'wait.position') {
            expect(step.facts).toEqual(waitStep(quiet, event, now).facts);
          }
          ({ state } = step);
        }
      }),
    );
  });
});
