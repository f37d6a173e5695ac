import { describe, expect, it } from 'vitest';
import { told } from '../config/site-files.ts';

const HEAD = (id: string, dids: string) => `version: ivr/v1
id: ${id}
title: T
owner: o@example.org
${dids}languages: { default: en, supported: [en] }
`;
const ENDS = '{ answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye }';
const TALK = `  talk: { type: queue, queue: taped, outcomes: ${ENDS} }
  bye: { type: hangup }
`;
const MAIN = (nodes: string) => `${HEAD('main', 'dids: ["+358401234567"]\n')}start: first\nnodes:\n${nodes}${TALK}`;
const CALLED = (nodes: string) =>
  `${HEAD('called', '')}start: first\nnodes:\n${nodes}  end: { type: return, outcome: ok }\n`;
const CALLS = '  first: { type: flow, flow: called, outcomes: { ok: talk } }\n';
const SAYS = (to: string) => `{ type: play, prompt: recording.notice, next: ${to} }`;

const QUEUES = `plain: { title: Plain }
taped: { title: Taped, recording: { mode: always } }
asked: { title: Asked, recording: { mode: on-demand } }
over: { title: Over, overflow: [{ to: plain, when: { waitedOver: 1m } }, { to: more, when: { waitedOver: 2m } }] }
more: { title: More, overflow: [{ to: taped, when: { waitedOver: 3m } }] }
`;
const SITE = {
  'site/queues.yaml': QUEUES,
  'sounds/en/prompts.yaml': 'hello: Hello\nrecording.notice: Taped\nrecording.notice.loans: Taped for a reason\n',
  'sounds/fi/prompts.yaml': null,
};
const notices = (main: string, called: string | null = null) =>
  told({ ...SITE, 'main.yaml': main, 'called.yaml': called }).filter((line) => line.includes('recording-notice'));

const queueOf = (main: string, queue: string) => main.replace('queue: taped', `queue: ${queue}`);

describe('a queue that records every talk', () => {
  it.each<[string, string, string | null]>([
    ['before it', MAIN(`  first: ${SAYS('talk')}\n`), null],
    ['in words of the house', MAIN(`  first: ${SAYS('talk').replace('notice', 'notice.loans')}\n`), null],
    ['in a flow that is called, on its only way', MAIN(CALLS), CALLED(`  first: ${SAYS('end')}\n`)],
    [
      'on each of two ways',
      MAIN(`  first: { type: split, shares: [{ percent: 50, go: a }], else: b }
  a: ${SAYS('talk')}
  b: ${SAYS('talk')}\n`),
      null,
    ],
    ['before a flow is called that has the queue', MAIN(`  first: ${SAYS('call')}\n  call: ${CALLS.slice(9)}`), null],
  ])('is fine where callers are told %s', (_where, main, called) => {
    expect(notices(main, called)).toEqual([]);
  });

  it('is told of where one of several ways through a called flow says nothing', () => {
    const called = CALLED(
      `  first: { type: split, shares: [{ percent: 50, go: say }], else: end }\n  say: ${SAYS('end')}\n`,
    );
    expect(notices(MAIN(CALLS), called)).toEqual([
      'main.yaml:10:31 warning recording-notice Callers come to `taped`, which records every talk, without having been told. Let a `play` node before it say `recording.notice`.',
    ]);
  });

  it('is told of in the flow that has it, when that is called untold', () => {
    const called = `${HEAD('called', '')}start: talk\nnodes:\n${TALK.replace('{ type: hangup }', '{ type: return, outcome: ok }')}`;
    const quiet = queueOf(MAIN(CALLS), 'plain');
    expect(notices(quiet, called).map((line) => line.split(' ')[0])).toEqual(['called.yaml:8:31']);
    const first = quiet.replace('first: {', `first: ${SAYS('call')}\n  call: {`);
    expect(notices(first, called)).toEqual([]);
  });

  it('is one, too, that callers are brought to by overflow; others are not', () => {
    const plain = MAIN('  first: { type: play, prompt: hello, next: talk }\n');
    const found = (queue: string) => notices(queueOf(plain, queue)).length;
    expect(['taped', 'over', 'more', 'plain', 'asked'].map(found)).toEqual([1, 1, 1, 0, 0]);
  });
});
