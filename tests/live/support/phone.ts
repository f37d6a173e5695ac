import { keep, label, log, NO_BODY, receive, scenario, sdp, send } from './scenario.ts';
import { type SippEvent, startSipp } from './sipp.ts';
import { until } from './until.ts';

/** What the person at a phone does with every call. */
export interface PhoneStory {
  readonly answerAfterMs?: number;
  /** Refuses with this status. */
  readonly refuse?: number;
  /** Hangs up so long after the answer, unless the far side did before. */
  readonly talkMs?: number;
  /** Says back whatever is said to him. */
  readonly echo?: boolean;
  /** Where he listens and speaks, when that is elsewhere. */
  readonly earPort?: number;
  /** It is plugged in no longer than this; 300 s when nothing is said. */
  readonly seconds?: number;
}

/** An agent's phone (or several that behave alike, at one address). */
export interface Phone {
  /** How often it rang, was answered and so on; the words are those of the scenario. */
  count(word: PhoneWord): number;
  /** Waits until it has done so, `times` times in all. */
  until(word: PhoneWord, times?: number): Promise<void>;
  /** Puts the receiver down on the call answered last. */
  hangUp(): void;
  unplug(): Promise<void>;
}

type PhoneWord = 'ringing' | 'cancelled' | 'answered' | 'refused' | 'ended';

const FOR_EVER_MS = 110_000;
const ANSWER = 1;
const HANG_UP = 2;
const FAR_BYE = 3;
const OVER = 4;

export async function plugIn(
  place: { readonly root: string; readonly folder: string },
  port: number,
  story: PhoneStory,
): Promise<Phone> {
  const sipp = await startSipp({
    ...place,
    port,
    scenario: phoneScenario(story),
    ...(story.seconds !== undefined && { seconds: story.seconds }),
    args: story.echo ? ['-rtp_echo'] : [],
  });
  const heard = (word: PhoneWord): readonly SippEvent[] => sipp.events().filter((event) => event.word === word);
  return {
    count: (word) => heard(word).length,
    until: async (word, times = 1) => {
      await until(
        `a phone to be ${word} ${times} times`,
        () => heard(word).length,
        (count) => count >= times,
        {
          everyMs: 20,
        },
      );
    },
    hangUp: () => {
      const callId = heard('answered').at(-1)?.rest;
      if (callId === undefined) throw new Error('nobody talks on this phone');
      sipp.nudge(callId);
    },
    unplug: () => sipp.kill(),
  };
}

function phoneScenario(story: PhoneStory): string {
  return scenario('phone', [
    receive(
      { request: 'INVITE' },
      {
        keepRoute: true,
        actions: [log('ringing'), keep('From', 'far'), keep('To', 'own'), keep('CSeq', 'invitation')],
      },
    ),
    ...(story.refuse === undefined ? ring(story) : refuse(story.refuse)),
    label(OVER),
  ]);
}

const refuse = (status: number): readonly string[] => [
  send(response(`${status} Refused`), { again: true, actions: [log('refused')] }),
  receive({ request: 'ACK' }, { next: OVER }),
];

const ring = ({ answerAfterMs = FOR_EVER_MS, talkMs = FOR_EVER_MS, earPort }: PhoneStory): readonly string[] => [
  send(response('180 Ringing')),
  receive({ request: 'CANCEL' }, { patience: { ms: answerAfterMs, goTo: ANSWER }, actions: [log('cancelled')] }),
  send(response('200 OK', '[last_CSeq:]')),
  send(response('487 Request Terminated'), { again: true }),
  receive({ request: 'ACK' }, { next: OVER }),
  label(ANSWER),
  send(response('200 OK', INVITATION, ['Contact: <sip:[local_ip]:[local_port]>', ...sdp(earPort ?? '[media_port]')]), {
    again: true,
  }),
  receive({ request: 'ACK' }, { actions: [log('answered [call_id]')] }),
  // SIPp counts the time at the first of several things that may come.
  receive({ request: 'MESSAGE' }, { optional: true, patience: { ms: talkMs, goTo: HANG_UP }, next: HANG_UP }),
  receive({ request: 'BYE' }, { next: FAR_BYE }),
  label(HANG_UP),
  send(
    [
      'BYE [next_url] SIP/2.0',
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
      `From:[$own];tag=${TAG}`,
      'To:[$far]',
      'Call-ID: [call_id]',
      'CSeq: 1 BYE',
      'Max-Forwards: 70',
      ...NO_BODY,
    ],
    { again: true },
  ),
  receive({ request: 'BYE' }, { optional: true, next: FAR_BYE }),
  receive({ status: 200 }, { next: OVER, actions: [log('ended self')] }),
  label(FAR_BYE),
  send(
    ['SIP/2.0 200 OK', ...['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((header) => `[last_${header}:]`), ...NO_BODY],
    { actions: [log('ended far')] },
  ),
];

const TAG = 'phone[call_number]';
const INVITATION = 'CSeq:[$invitation]';

function response(status: string, cseq = INVITATION, body: readonly string[] = NO_BODY): readonly string[] {
  return [`SIP/2.0 ${status}`, '[last_Via:]', 'From:[$far]', `To:[$own];tag=${TAG}`, '[last_Call-ID:]', cseq, ...body];
}
