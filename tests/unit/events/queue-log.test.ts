import { describe, expect, it } from 'vitest';
import type { Fact, JournalEvent } from '../../../src/call/journal.ts';
import { CATALOGUE, FACT_TYPES } from '../../../src/events/catalogue.ts';
import { QueueLog } from '../../../src/events/queue-log.ts';

const T0 = 1_790_000_000_000;
const QUEUES: Readonly<Record<string, readonly string[]>> = { anna: ['support', 'sales'], ben: [] };
const queuesOf = (agentId: string) => QUEUES[agentId] ?? [];

type Step = readonly [atS: number, subject: string, fact: Fact];

/** The lines of a course of events, without what is the same in all: the time is told as seconds from the start. */
function linesOf(steps: readonly Step[], log = new QueueLog(queuesOf)): readonly string[] {
  return steps.flatMap(([atS, subject, fact], seq) => {
    const event: JournalEvent = { ...fact, subject, seq, at: T0 + atS * 1_000 };
    return log.see(event).map((line) => line.replace(/^\d+/u, (epoch) => String(Number(epoch) - T0 / 1_000)));
  });
}

const fact = <T extends Fact['type']>(type: T, data: Extract<Fact, { type: T }>['data']): Fact =>
  ({ type, data }) as Fact;

const arrived = (ani: string | null = '+4930123') =>
  fact('call.arrived', { direction: 'inbound', ani, dnis: '100', source: 'pstn', legId: 'l' });
const queued = (queue = 'support') => fact('call.queued', { queue, language: 'en', require: [], priority: 0 });
const connected = fact('call.connected', { queue: 'support', agentId: 'anna', waitedMs: 12_400, rangMs: 3_600 });
const left = (outcome: string, key?: string) =>
  fact('call.queue.left', { queue: 'support', outcome, waitedMs: 30_000, ...(key !== undefined && { key }) });
const gone = (by: 'caller' | 'agent' | 'system' | 'transfer') =>
  fact('call.disconnected', { agentId: 'anna', talkedMs: 60_000, heldMs: 5_000, by });
const handed = (kind: 'blind' | 'attended') =>
  fact('call.transferred', { kind, from: 'anna', to: 'billing', toKind: 'queue', outcome: 'answeredEnd' });
const failed = (verdict: 'no-answer' | 'cancelled') =>
  fact('call.offer.failed', { queue: 'support', agentId: 'anna', verdict, rangMs: 20_050 });
const abandoned = fact('call.abandoned', { queue: 'support', waitedMs: 9_600, while: 'waiting' });
const abandonedRinging = fact('call.abandoned', { queue: 'support', waitedMs: 9_600, while: 'ringing' });
const over = fact('call.ended', ended());

const ENTER = '0|c1|support|NONE|ENTERQUEUE||+4930123|1';
const inQueue: readonly Step[] = [
  [0, 'call/c1', arrived()],
  [0, 'call/c1', queued()],
];
const inTalk: readonly Step[] = [...inQueue, [12, 'call/c1', connected]];
const CONNECT = '12|c1|support|anna|CONNECT|12|c1|4';

describe('the lines of a call', () => {
  it.each<[string, readonly Step[], readonly string[]]>([
    [
      'served, the caller hangs up',
      [...inTalk, [77, 'call/c1', gone('caller')]],
      [CONNECT, '77|c1|support|anna|COMPLETECALLER|12|65|1'],
    ],
    [
      'served, the agent hangs up',
      [...inTalk, [77, 'call/c1', gone('agent')]],
      [CONNECT, '77|c1|support|anna|COMPLETEAGENT|12|65|1'],
    ],
    [
      'served, and ended by the house',
      [...inTalk, [77, 'call/c1', gone('system')]],
      [CONNECT, '77|c1|support|anna|COMPLETEAGENT|12|65|1'],
    ],
    [
      'abandoned',
      [...inQueue, [10, 'call/c1', abandoned], [10, 'call/c1', over]],
      ['10|c1|support|NONE|ABANDON|1|1|10'],
    ],
    [
      'not answered by the agent',
      [...inQueue, [20, 'call/c1', failed('no-answer')]],
      ['20|c1|support|anna|RINGNOANSWER|20050'],
    ],
    [
      'gone while the agent was rung',
      [...inQueue, [20, 'call/c1', abandonedRinging], [20, 'call/c1', failed('cancelled')], [20, 'call/c1', over]],
      ['20|c1|support|anna|RINGCANCELED|20050', '20|c1|support|NONE|ABANDON|1|1|10'],
    ],
    ['out of patience', [...inQueue, [30, 'call/c1', left('timeout')]], ['30|c1|support|NONE|EXITWITHTIMEOUT|1|1|30']],
    ['nobody logged in', [...inQueue, [30, 'call/c1', left('noAgents')]], ['30|c1|support|NONE|EXITEMPTY|1|1|30']],
    ['closing time', [...inQueue, [30, 'call/c1', left('closed')]], ['30|c1|support|NONE|EXITEMPTY|1|1|30']],
    ['out by a key', [...inQueue, [30, 'call/c1', left('exitKey', '0')]], ['30|c1|support|NONE|EXITWITHKEY|0|1|1|30']],
    [
      'a callback was taken',
      [...inQueue, [30, 'call/c1', left('callbackTaken')]],
      ['30|c1|support|NONE|EXITWITHKEY||1|1|30'],
    ],
    [
      'handed over blind, told before the agent has gone',
      [...inTalk, [70, 'call/c1', handed('blind')], [77, 'call/c1', gone('transfer')]],
      [CONNECT, '77|c1|support|anna|BLINDTRANSFER|billing|queue|12|65|1'],
    ],
    [
      'handed over after asking, told when the agent has gone',
      [...inTalk, [70, 'call/c1', gone('transfer')], [77, 'call/c1', handed('attended')]],
      [CONNECT, '77|c1|support|anna|ATTENDEDTRANSFER|APP|billing|12|65|1'],
    ],
    [
      'handed over to nobody that was ever told',
      [...inTalk, [70, 'call/c1', gone('transfer')], [77, 'call/c1', fact('call.ended', ended())]],
      [CONNECT, '77|c1|support|anna|COMPLETEAGENT|12|65|1'],
    ],
    [
      'moved to another queue',
      [...inQueue, [30, 'call/c1', left('moved')]],
      ['30|c1|support|NONE|WITHDRAW|1|1|30|moved'],
    ],
  ])('%s', (_, steps, lines) => {
    expect(linesOf(steps)).toEqual([ENTER, ...lines]);
  });

  it('counts places by who came earlier and waits still', () => {
    const three = ['c1', 'c2', 'c3'].flatMap<Step>((id) => [
      [0, `call/${id}`, arrived(null)],
      [0, `call/${id}`, queued()],
    ]);
    expect(linesOf([...three, [5, 'call/c1', connected], [9, 'call/c3', abandoned], [9, 'call/c3', over]])).toEqual([
      '0|c1|support|NONE|ENTERQUEUE|||1',
      '0|c2|support|NONE|ENTERQUEUE|||2',
      '0|c3|support|NONE|ENTERQUEUE|||3',
      '5|c1|support|anna|CONNECT|12|c1|4',
      '9|c3|support|NONE|ABANDON|2|3|10',
    ]);
  });

  it('says nothing of who was turned away at the door, as app_queue does', () => {
    expect(
      linesOf([
        [0, 'call/c1', arrived()],
        [0, 'call/c1', left('full')],
      ]),
    ).toEqual([]);
  });

  it('lets nobody write a line of his own', () => {
    const evil = linesOf([
      [0, 'call/c1', arrived('+49|1\n1|c2|x|y|CONNECT|1')],
      [0, 'call/c1', queued()],
    ]);
    expect(evil).toEqual(['0|c1|support|NONE|ENTERQUEUE||+49_1_1_c2_x_y_CONNECT_1|1']);
  });

  it('goes on after a restart as if there had been none', () => {
    const steps: readonly Step[] = [...inTalk, [70, 'call/c1', handed('blind')], [77, 'call/c1', gone('transfer')]];
    for (let cut = 0; cut <= steps.length; cut += 1) {
      const before = new QueueLog(queuesOf);
      const lines = linesOf(steps.slice(0, cut), before);
      const after = new QueueLog(queuesOf, JSON.parse(JSON.stringify(before.state)) as typeof before.state);
      expect([...lines, ...linesOf(steps.slice(cut), after)]).toEqual(linesOf(steps));
    }
  });

  it('remembers no call that is over', () => {
    const log = new QueueLog(queuesOf);
    linesOf([...inTalk, [77, 'call/c1', gone('caller')], [77, 'call/c1', fact('call.ended', ended())]], log);
    linesOf(
      [
        [0, 'call/c2', arrived()],
        [0, 'call/c2', queued()],
        [1, 'call/c2', fact('call.ended', ended())],
      ],
      log,
    );
    expect(log.state).toEqual({ calls: [], waiting: [] });
  });
});

describe('the lines of an agent', () => {
  type Status = 'logged-out' | 'ready' | 'not-ready';
  const is = (status: Status, previous: Status, reason: string | null = null, agentId = 'anna'): Step => [
    0,
    `agent/${agentId}`,
    fact('agent.status.changed', { agentId, status, previous, reason }),
  ];
  it.each<[string, Step, readonly string[]]>([
    ['logs in', is('ready', 'logged-out'), ['support|anna|ADDMEMBER|', 'sales|anna|ADDMEMBER|']],
    [
      'logs in and is not ready yet',
      is('not-ready', 'logged-out', 'admin'),
      [
        'support|anna|ADDMEMBER|PAUSED',
        'sales|anna|ADDMEMBER|PAUSED',
        'support|anna|PAUSE|admin',
        'sales|anna|PAUSE|admin',
      ],
    ],
    ['takes a break', is('not-ready', 'ready', 'break'), ['support|anna|PAUSE|break', 'sales|anna|PAUSE|break']],
    ['comes back', is('ready', 'not-ready'), ['support|anna|UNPAUSE|', 'sales|anna|UNPAUSE|']],
    ['logs out', is('logged-out', 'ready'), ['support|anna|REMOVEMEMBER|', 'sales|anna|REMOVEMEMBER|']],
    ['is in no queue', is('ready', 'logged-out', null, 'ben'), []],
  ])('%s', (_, step, lines) => {
    expect(linesOf([step])).toEqual(lines.map((line) => `0|NONE|${line}`));
  });
});

describe('the catalogue', () => {
  it('names the lines that are written, each at its event, and no others', () => {
    const said = FACT_TYPES.flatMap((type) => CATALOGUE[type].queueLog?.split(', ') ?? []);
    const written = [
      ['ENTERQUEUE', 'CONNECT', 'ABANDON', 'RINGNOANSWER', 'RINGCANCELED', 'COMPLETECALLER', 'COMPLETEAGENT'],
      ['EXITWITHTIMEOUT', 'EXITEMPTY', 'EXITWITHKEY', 'BLINDTRANSFER', 'ATTENDEDTRANSFER', 'WITHDRAW'],
      ['ADDMEMBER', 'REMOVEMEMBER', 'PAUSE', 'UNPAUSE'],
    ].flat();
    expect(said.sort()).toEqual(written.sort());
  });
});

function ended(): Extract<Fact, { type: 'call.ended' }>['data'] {
  return {
    verdict: 'completed',
    q850: 16,
    sip: null,
    durationMs: 1,
    queue: 'support',
    agentId: null,
    waitedMs: 0,
    talkedMs: 0,
    detected: 'event',
  };
}
