import { label, log, NO_BODY, receive, scenario, sdp, send } from './scenario.ts';

const OVER = 9;

/** A phone of SIPp: registers, calls 100, talks a moment and hangs up. */
export function registerAndCall(port: number): string {
  const request = (method: string, to: string, more: readonly string[]): readonly string[] => [
    `${method} sip:${to}127.0.0.1:${port} SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    `From: <sip:1001@127.0.0.1>;tag=sipp[call_number]`,
    `To: <sip:${method === 'REGISTER' ? '1001' : '100'}@127.0.0.1>[peer_tag_param]`,
    'Call-ID: [call_id]',
    `CSeq: [cseq] ${method}`,
    'Contact: <sip:1001@[local_ip]:[local_port]>',
    'Max-Forwards: 70',
    ...more,
  ];
  const withoutTag = (lines: readonly string[]) => lines.map((line) => line.replace('[peer_tag_param]', ''));
  const [register, invite] = [
    (more: readonly string[]) => send(withoutTag(request('REGISTER', '', [...more, ...NO_BODY])), { again: true }),
    (more: readonly string[]) =>
      send(withoutTag(request('INVITE', '100@', [...more, ...sdp('[media_port]')])), { again: true }),
  ];
  return scenario('register and call', [
    register([]),
    receive({ status: 401 }, { challenge: true }),
    register(['[authentication]']),
    receive({ status: 200 }, { actions: [log('registered')] }),
    invite([]),
    receive({ status: 100 }, { optional: true }),
    receive({ status: 407 }, { challenge: true }),
    send(request('ACK', '100@', NO_BODY)),
    invite(['[authentication]']),
    receive({ status: 100 }, { optional: true }),
    receive({ status: 200 }, { keepRoute: true, actions: [log('answered')] }),
    send(inDialog('ACK')),
    send(inDialog('BYE'), { again: true }),
    receive({ status: 200 }, { actions: [log('ended')] }),
    label(OVER),
  ]);
}

const inDialog = (method: string): readonly string[] => [
  `${method} [next_url] SIP/2.0`,
  'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
  '[routes]',
  'From: <sip:1001@127.0.0.1>;tag=sipp[call_number]',
  'To: <sip:100@127.0.0.1>[peer_tag_param]',
  'Call-ID: [call_id]',
  `CSeq: [cseq] ${method}`,
  'Max-Forwards: 70',
  ...NO_BODY,
];
