import { type Label, label, log, NO_BODY, receive, scenario, sdp, send } from './scenario.ts';
import { freeUdpPort, HOST, options, type Sipp, type SippEvent, startSipp } from './sipp.ts';
import { until } from './until.ts';

/** Whom somebody calls, and what he does. */
export interface CallerStory {
  readonly to: string;
  readonly from: string;
  /** Keys pressed one after the other, each so long after the one before (the first: after the answer), by SIP INFO. */
  readonly keys?: readonly { readonly afterMs: number; readonly digit: string }[];
  /** Hangs up by himself when nobody else has for so long after the last key. */
  readonly patienceMs?: number;
  /** He calls from a phone of the house, which says who it is: its name is `from`. */
  readonly password?: string;
  /** Where he listens; nowhere, when it does not matter. */
  readonly earPort?: number;
}

interface CallerEnd {
  /** The final response to his INVITE: 200 when he was answered. */
  readonly status: number;
  readonly endedBy: 'caller' | 'far-side';
}

export interface Caller {
  readonly from: string;
  answered(): Promise<void>;
  hangUp(): void;
  done(): Promise<CallerEnd>;
}

export interface Crowd {
  readonly callers: readonly Caller[];
  /** Hangs up for all who are still there, and waits until SIPp is gone. */
  disperse(): Promise<void>;
}

interface CrowdPlace {
  readonly root: string;
  readonly folder: string;
  readonly target: { readonly host: string; readonly port: number };
  /** What the house knows of the latest call from this number, for the sentence when it does not go as it should. */
  readonly witness: (from: string) => Promise<unknown>;
}

/** Longer than any test: a caller who says nothing of patience stays. */
const FOR_EVER_MS = 110_000;
const HEARD_WITHIN_MS = 30_000;
const MOST_COMPLAINTS = 40;
const REFUSALS = [403, 404, 408, 480, 484, 486, 487, 488, 500, 502, 503, 600, 603];

/** People who call one after the other, `everyMs` apart, and do the same; only numbers differ. One SIPp plays them all. */
export async function startCrowd(place: CrowdPlace, stories: readonly CallerStory[], everyMs: number): Promise<Crowd> {
  const first = stories[0];
  if (!first) throw new Error('a crowd of nobody');
  const port = await freeUdpPort();
  const nonce = `${process.pid}-${port}-${Math.round(performance.now())}`;
  const count = stories.length;
  const sipp = await startSipp({
    ...place,
    port,
    scenario: callerScenario(first),
    fields: stories.map(({ to, from }) => `${to};${from}`),
    args: [
      `${place.target.host}:${place.target.port}`,
      ...options({ m: count, l: count, r: 1, rp: everyMs, cid_str: `%u-${nonce}` }),
    ],
  });
  const ids = stories.map((_, index) => `${index + 1}-${nonce}`);
  return {
    callers: stories.map(({ from }, index) => {
      const [call, callId] = [index + 1, ids[index] ?? ''];
      return callerOf({ sipp, call, callId, from, witness: () => place.witness(from) });
    }),
    disperse: () => disperse(sipp, ids),
  };
}

interface OneCall {
  readonly sipp: Sipp;
  /** From 1. */
  readonly call: number;
  readonly callId: string;
  readonly from: string;
  readonly witness: () => Promise<unknown>;
}

function callerOf(one: OneCall): Caller {
  const { sipp, callId, from } = one;
  const heard = async (words: readonly string[]): Promise<SippEvent | undefined> => {
    const found = () => logged(one).find(({ word }) => words.includes(word));
    const what = `caller ${from}: ${words.join(' or ')}`;
    const bounds = { withinMs: HEARD_WITHIN_MS, everyMs: 20 };
    await until(what, () => found() !== undefined || sipp.isGone(), Boolean, bounds).catch((error: Error) =>
      complain(one, error.message),
    );
    return found();
  };
  return {
    from,
    hangUp: () => sipp.nudge(callId),
    answered: async () => {
      if (!(await heard(['answered']))) await complain(one, `caller ${from} was not answered`);
    },
    done: async () => {
      const end = await heard(['ended', 'refused']);
      if (end?.word === 'refused') return { status: Number(end.rest), endedBy: 'far-side' };
      if (!end && lostTheThread(one)) await complain(one, `caller ${from} heard what he did not expect, and left`);
      // Two who hang up at the same moment: SIPp answers the other's BYE by itself, and logs nothing.
      return { status: 200, endedBy: end?.rest === 'caller' ? 'caller' : 'far-side' };
    },
  };
}

const logged = ({ sipp, call }: OneCall): readonly SippEvent[] => sipp.events().filter((event) => event.call === call);

/** SIPp ends a call by itself when a message comes that has no place in the scenario. */
const lostTheThread = ({ sipp, callId }: OneCall): boolean =>
  sipp.complaints().includes(`unexpected message for Call-Id '${callId}'`);

/** That the time between two keys is over is a complaint too, and none of ours. */
const complaints = (sipp: Sipp): readonly string[] =>
  sipp
    .complaints()
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('jumping to label'));

/** @throws Error with what each side saw of the call. */
async function complain(one: OneCall, sentence: string): Promise<never> {
  const seen = {
    sipp: logged(one).map(({ word, rest }) => `${word} ${rest}`),
    complaints: complaints(one.sipp).slice(-MOST_COMPLAINTS),
    house: await one.witness(),
  };
  throw new Error(`${sentence}; seen: ${JSON.stringify(seen, null, 1)}`);
}

async function disperse(sipp: Sipp, ids: readonly string[]): Promise<void> {
  const over = new Set(
    sipp.events().flatMap(({ call, word }) => (word === 'ended' || word === 'refused' ? [call] : [])),
  );
  for (const [index, id] of ids.entries()) if (!over.has(index + 1)) sipp.nudge(id);
  const late = new Promise((resolve) => setTimeout(resolve, 3_000).unref());
  await Promise.race([sipp.exited, late]);
  await sipp.kill();
}

const LEAVE = 1;
const FAR_BYE = 2;
const REFUSED = 3;
const OVER = 4;
const FIRST_KEY = 10;

function callerScenario({ keys = [], patienceMs = FOR_EVER_MS, earPort, password }: CallerStory): string {
  const { request } = dialogue;
  const target = 'sip:[field0]@[remote_ip]:[remote_port]';
  const offer = sdp(earPort ?? '[media_port]');
  return scenario('caller', [
    send(request('INVITE', target, offer), { again: true }),
    ...(password === undefined ? [] : answerChallenge(target, offer, password)),
    ...[100, 180, 183].map((status) => receive({ status }, { optional: true })),
    ...REFUSALS.map((status) =>
      receive({ status }, { optional: true, next: REFUSED, actions: [log(`refused ${status}`)] }),
    ),
    receive({ status: 200 }, { keepRoute: true, patience: { ms: FOR_EVER_MS }, actions: [log('answered')] }),
    send(request('ACK', '[next_url]')),
    ...keys.flatMap(({ afterMs, digit }, index) => press(digit, afterMs, FIRST_KEY + index)),
    ...stay(patienceMs, LEAVE),
    send(request('BYE', '[next_url]'), { again: true }),
    // The far side may hang up at the same moment; its BYE then crosses ours.
    receive({ request: 'BYE' }, { optional: true, next: FAR_BYE }),
    receive({ status: 200 }, { next: OVER, actions: [log('ended caller')] }),
    label(FAR_BYE),
    send(dialogue.ok(), { next: OVER, actions: [log('ended far')] }),
    label(REFUSED),
    send(request('ACK', target)),
    label(OVER),
  ]);
}

/** Digest authentication (RFC 3261 §22). */
const answerChallenge = (target: string, offer: readonly string[], password: string): readonly string[] => {
  const credentials = `[authentication username=[field1] password=${password}]`;
  const again = dialogue.request('INVITE', target, [credentials, ...offer]);
  return [
    receive({ status: 401 }, { challenge: true }),
    send(dialogue.request('ACK', target)),
    // It begins a dialogue of its own.
    send(
      again.map((line) => line.replace('[peer_tag_param]', '')),
      { again: true },
    ),
  ];
};

/** Stays on the line for so long, then goes on at `then`; meanwhile the far side may hang up, or the test may tell him to. */
const stay = (ms: number, then: Label): readonly string[] => [
  // SIPp counts the time at the first of several things that may come.
  receive({ request: 'MESSAGE' }, { optional: true, patience: { ms, goTo: then }, next: LEAVE }),
  receive({ request: 'BYE' }, { next: FAR_BYE }),
  label(then),
];

const press = (digit: string, afterMs: number, then: Label): readonly string[] => [
  ...stay(afterMs, then),
  send(
    dialogue.request('INFO', '[next_url]', [
      'Content-Type: application/dtmf-relay',
      'Content-Length: [len]',
      '',
      `Signal=${digit}`,
      'Duration=160',
    ]),
    { again: true, request: `key${then}` },
  ),
  receive({ request: 'BYE' }, { optional: true, next: FAR_BYE }),
  // A key sent twice is answered twice, and the second answer may come when the next key has been sent.
  receive({ status: 200 }, { answersTo: `key${then}` }),
];

const dialogue = {
  request: (method: string, target: string, body: readonly string[] = NO_BODY): readonly string[] => [
    `${method} ${target} SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    `From: <sip:[field1]@${HOST}>;tag=caller[call_number]`,
    'To: <sip:[field0]@[remote_ip]>[peer_tag_param]',
    'Call-ID: [call_id]',
    `CSeq: [cseq] ${method}`,
    'Contact: <sip:[field1]@[local_ip]:[local_port]>',
    'Max-Forwards: 70',
    ...body,
  ],
  ok: (): readonly string[] => [
    'SIP/2.0 200 OK',
    ...['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((header) => `[last_${header}:]`),
    ...NO_BODY,
  ],
};
