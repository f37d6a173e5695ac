import { describe, expect, it } from 'vitest';
import { type AriEvent, ARI_EVENTS, ariEvent, channelOf } from '../../../src/switch/asterisk/ari-event.ts';
import { type DoorLeg, newLeg, newsOf } from '../../../src/switch/asterisk/news.ts';

const AT = Date.parse('2026-11-22T01:38:40.297Z');
const trunkNames = new Map([['carrier-1', 'world']]);

const event = (type: AriEvent['type'], more: object = {}, channel: object = {}): AriEvent =>
  ariEvent.parse({
    type,
    timestamp: '2026-11-22T01:38:40.297+0000',
    channel: {
      id: 'a',
      name: 'PJSIP/carrier-1-0000002a',
      state: 'Ring',
      caller: { name: '', number: '' },
      dialplan: { exten: '100', app_name: 'Stasis', app_data: '' },
      creationtime: '2026-11-22T01:38:40.297+0000',
      ...channel,
    },
    ...more,
  });
const inState = (state: string) => event('ChannelStateChange', {}, { state });
const outbound = event('StasisStart', { args: ['outbound', 'c1'] }, { state: 'Up' });
const playback = (state: string, target = 'channel:a') =>
  event('PlaybackFinished', { playback: { id: 'p1', target_uri: target, state } });

const recording = (type: 'RecordingStarted' | 'RecordingFinished' | 'RecordingFailed', target = 'channel:a') =>
  event(type, { recording: { name: 'r1', target_uri: target, duration: 2 } });

const LEGS = {
  none: null,
  'dialled, new': newLeg('a', true),
  'dialled, ringing': newLeg('a', true, 'ringing'),
  'dialled, up': newLeg('a', true, 'up'),
  'arriving, ringing': newLeg('a', false, 'ringing'),
  'arriving, up': newLeg('a', false, 'up'),
} as const satisfies Record<string, DoorLeg | null>;
type LegName = keyof typeof LEGS;

const EVENTS: Readonly<Record<string, AriEvent>> = {
  'enters as ours': outbound,
  'enters as a caller': event('StasisStart', { args: ['inbound', '100'] }),
  'enters as a caller who is up': event('StasisStart', { args: ['inbound', '100'] }, { state: 'Up' }),
  leaves: event('StasisEnd'),
  'goes ringing': inState('Ringing'),
  'goes up': inState('Up'),
  'goes busy': inState('Busy'),
  key: event('ChannelDtmfReceived', { digit: '5' }),
  'hangup request': event('ChannelHangupRequest', { tech_cause: 486 }),
  destroyed: event('ChannelDestroyed', { cause: 17 }),
  'comes back from its detection': event('StasisStart', { args: ['outbound', 'c1', 'detected', 'HUMAN', 'HUMAN-8-8'] }),
  talks: event('ChannelTalkingStarted'),
  'talks no more': event('ChannelTalkingFinished', { duration: 700 }),
  'playback done': playback('done'),
  'playback failed': playback('failed'),
  'recording begun': recording('RecordingStarted'),
  'recording done': recording('RecordingFinished'),
  'recording failed': recording('RecordingFailed'),
};

/** What is told of each leg in each state; nothing where nothing is named. */
const TOLD: Readonly<Record<LegName, Readonly<Record<string, string>>>> = {
  none: { 'enters as a caller': 'leg.offered', 'enters as a caller who is up': 'leg.offered leg.answered' },
  'dialled, new': { 'enters as ours': 'leg.answered', 'goes ringing': 'leg.ringing' },
  'dialled, ringing': { 'enters as ours': 'leg.answered' },
  'dialled, up': { 'hangup request': 'leg.ended' },
  // A leg taken over from another process, which rang it.
  'arriving, ringing': { 'enters as ours': 'leg.answered', 'goes up': 'leg.answered' },
  'arriving, up': {},
};
const OF_EVERY_LEG: Readonly<Record<string, string>> = {
  ...TOLD.none,
  key: 'dtmf.received',
  'comes back from its detection': 'leg.detected',
  talks: 'talk.started',
  'talks no more': 'talk.stopped',
  destroyed: 'leg.ended',
  'playback done': 'playback.finished',
  'playback failed': 'playback.finished',
  'recording done': 'recording.finished',
  'recording failed': 'recording.finished',
};

describe('what ARI events mean', () => {
  const pairs = Object.keys(LEGS).flatMap((leg) => Object.keys(EVENTS).map((name) => [leg, name] as const));
  it.each(pairs)('a leg that is %s %s', (name, what) => {
    const leg = LEGS[name as LegName];
    const ari = EVENTS[what];
    if (!ari) throw new Error(what);
    const expected = TOLD[name as LegName][what] ?? (leg ? OF_EVERY_LEG[what] : undefined) ?? '';
    const { events, leg: next } = newsOf(ari, leg, trunkNames);
    expect(events.map(({ type }) => type).join(' ')).toBe(expected);
    expect(events.every(({ at }) => at === AT)).toBe(true);
    expect(next === null).toBe(expected === 'leg.ended' || (leg === null && !expected));
  });

  it('names every event that Asterisk is asked for', () => {
    const known = new Set([...Object.values(EVENTS).map(({ type }) => type), 'ApplicationReplaced']);
    expect([...known].toSorted()).toEqual([...ARI_EVENTS].toSorted());
  });

  it('tells an arriving leg by number, name and source', () => {
    const caller = { name: ' Ann\u0007 ', number: '+358401' };
    const [offered] = newsOf(event('StasisStart', { args: ['inbound', '+100'] }, { caller }), null, trunkNames).events;
    const expected = { legId: 'a', dnis: '+100', ani: '+358401', callerName: 'Ann', source: 'world' };
    expect(offered).toEqual({ type: 'leg.offered', at: AT, ...expected });
  });

  it.each([
    ['PJSIP/alice-0000002a', 'alice'],
    ['PJSIP/with-dash-0000002a', 'with-dash'],
    ['PJSIP/anonymous-0000002a', 'guest'],
    ['Local/100@from-trunk-0000002a;2', 'guest'],
  ])('a leg on %s comes from %s', (name, source) => {
    const [offered] = newsOf(event('StasisStart', { args: [] }, { name }), null, trunkNames).events;
    expect(offered).toMatchObject({ source, dnis: '100' });
  });

  it.each(['', 'anonymous', 'Anonymous'])('a number "%s" is none', (number) => {
    const [offered] = newsOf(
      event('StasisStart', { args: [] }, { caller: { name: '', number } }),
      null,
      trunkNames,
    ).events;
    expect(offered).toMatchObject({ ani: null, callerName: null });
  });

  const after = (leg: DoorLeg, ...events: readonly AriEvent[]) =>
    events.reduce<ReturnType<typeof newsOf>>((news, one) => newsOf(one, news.leg, trunkNames), { events: [], leg });

  it('gives the SIP response of the far end as the cause, while there was no answer', () => {
    const request = event('ChannelHangupRequest', { tech_cause: 603 });
    const destroyed = event('ChannelDestroyed', { cause: 21 });
    expect(after(newLeg('a', true), request, destroyed).events).toMatchObject([{ cause: { q850: 21, sip: 603 } }]);
    expect(after(newLeg('a', true, 'up'), request).events).toMatchObject([{ cause: { q850: 16 } }]);
    const ours = event('ChannelHangupRequest');
    expect(after(newLeg('a', true), ours, destroyed).events).toMatchObject([{ cause: { q850: 21 } }]);
  });

  it.each([
    ['its far end says', { cause: 17 }, null, 17],
    ['its far end does not say', {}, null, 16],
    ['we hang it up for', { cause: 32, soft: true }, 21, 21],
    ['somebody else on the switch has', { cause: 32, soft: true }, null, 16],
  ])('ends an arrived leg as it leaves, by the cause that %s', (_who, request, q850, expected) => {
    const leg = { ...newLeg('a', false, 'up'), q850 };
    const { events, leg: next } = after(leg, event('ChannelHangupRequest', request), event('StasisEnd'));
    expect(events).toEqual([{ type: 'leg.ended', at: AT, legId: 'a', cause: { q850: expected } }]);
    expect(next).toBeNull();
  });

  it('ends a leg that we rang and that hangs up in a talk at once, by its cause', () => {
    const up = newLeg('a', true, 'up');
    const { events, leg } = after(up, event('ChannelHangupRequest', { cause: 17 }));
    expect(events).toEqual([{ type: 'leg.ended', at: AT, legId: 'a', cause: { q850: 17 } }]);
    expect(leg).toBeNull();
  });

  it.each([
    ['we hang up', { soft: true }, {}],
    ['still rings', {}, { phase: 'ringing' }],
    ['is being recorded', {}, { recording: new Set(['r1']) }],
    ['is played to', {}, { playing: new Map([['p1', false]]) }],
    ['went back to the dialplan', {}, { left: true }],
  ] as const)('waits for the end of a leg that we rang and that %s', (_what, request, change) => {
    const leg = { ...newLeg('a', true, 'up'), ...change };
    expect(after(leg, event('ChannelHangupRequest', request)).events).toEqual([]);
    expect(after(leg, event('ChannelHangupRequest', request)).leg).toMatchObject({ isEnding: true });
  });

  it('waits for the end of a leg that went back to the dialplan', () => {
    const released = after(newLeg('a', false, 'up'), event('StasisEnd'));
    expect(released).toMatchObject({ events: [], leg: { left: true } });
  });

  it('ends the recordings that waited before their leg, and says nothing of its playbacks', () => {
    const leg = {
      ...newLeg('a', false, 'up'),
      playing: new Map([
        ['p1', false],
        ['p2', true],
      ]),
      recording: new Set(['r1']),
    };
    const { events } = after(leg, event('ChannelDestroyed', { cause: 16 }));
    expect(events).toMatchObject([{ recordingId: 'r1', outcome: 'failed', durationMs: 0 }, { type: 'leg.ended' }]);
  });

  it.each([
    ['RecordingFinished', 'done', 2_000],
    ['RecordingFailed', 'failed', 0],
  ] as const)('%s is a recording that is %s, %s ms long', (type, outcome, durationMs) => {
    const leg = { ...newLeg('a', false, 'up'), recording: new Set(['r1', 'r2']) };
    const { events, leg: next } = after(leg, recording(type));
    expect(events).toEqual([
      { type: 'recording.finished', at: AT, legId: 'a', recordingId: 'r1', durationMs, outcome },
    ]);
    expect([...(next?.recording ?? [])]).toEqual(['r2']);
  });

  it.each([
    ['done', false, true],
    ['done', true, false],
    ['failed', false, false],
  ])('a playback that is %s, stopped: %s, completed: %s', (state, stopped, completed) => {
    const leg = { ...newLeg('a', false, 'up'), playing: new Map([['p1', stopped]]) };
    const { events, leg: next } = after(leg, playback(state));
    expect(events).toMatchObject([{ playbackId: 'p1', completed }]);
    expect(next?.playing.size).toBe(0);
  });

  it.each([
    ['failed', []],
    ['done', ['playback.finished']],
  ])('a playback that is %s when its leg is being hung up', (state, told) => {
    const leg = { ...newLeg('a', false, 'up'), playing: new Map([['p1', false]]) };
    const { events, leg: next } = after(leg, event('ChannelHangupRequest'), playback(state));
    expect(events.map(({ type }) => type)).toEqual(told);
    expect(next?.playing.size).toBe(0);
  });

  it('tells that it is fenced, and belongs to no channel', () => {
    const replaced = event('ApplicationReplaced');
    expect(newsOf(replaced, null, trunkNames).events).toEqual([{ type: 'switch.fenced', at: AT }]);
    expect(channelOf(replaced)).toBeNull();
    expect(channelOf(playback('done', 'bridge:b'))).toBeNull();
    expect(channelOf(playback('done'))).toBe('a');
    expect(channelOf(recording('RecordingFinished'))).toBe('a');
    expect(channelOf(recording('RecordingFinished', 'bridge:b'))).toBeNull();
  });
});
