import { drachtioServer } from '../../../src/edge/drachtio.ts';
import type { SourceLimits } from '../../../src/edge/decide/sources.ts';
import { Edge, type EdgeSite } from '../../../src/edge/edge.ts';
import type { RegistrationBook } from '../../../src/engine/ports/registrations.ts';
import { systemClock } from '../../../src/system.ts';
import type { Door } from '../../support/doors.ts';
import { createMemoryRegistrations } from '../../support/memory-registrations.ts';
import { silent } from '../../support/silent.ts';
import { type Reply, SipEnd, type SipText } from '../../support/sip-end.ts';
import { SipPhone } from '../../support/sip-phone.ts';

export const PASSWORDS = new Map([
  ['1001', 'one-thousand-and-one'],
  ['1002', 'one-thousand-and-two'],
]);

/** A node of the tests: it answers OPTIONS while it is `up`, and INVITE as `onInvite` says. */
export interface TestNode {
  readonly end: SipEnd;
  isUp: boolean;
  onInvite: (message: SipText, reply: Reply) => void;
}

export async function openNode(): Promise<TestNode> {
  const answers = (message: SipText, reply: Reply): void => {
    if (!node.isUp) return;
    if (message.method === 'INVITE') return node.onInvite(message, reply);
    reply('200 OK');
  };
  const end = await SipEnd.open(answers);
  const answer = (_message: SipText, reply: Reply): void => {
    reply('100 Trying');
    reply('200 OK', [`Contact: <sip:node@${end.address}>`]);
  };
  const node: TestNode = { end, isUp: true, onInvite: answer };
  return node;
}

export interface EdgeWorld {
  readonly edge: Edge;
  readonly port: number;
  readonly book: RegistrationBook;
  site(change: Partial<EdgeSite>): Promise<void>;
  phone(name?: string, onRequest?: (message: SipText, reply: Reply) => void, password?: string): Promise<SipPhone>;
  close(): Promise<void>;
}

const LIMITS: SourceLimits = {
  requestsPerTenSeconds: 1_000,
  failuresPerMinute: 4,
  requestsPerSecondOverall: 1_000,
  banMs: 60_000,
  remembered: 100,
};

/** An edge on a real drachtio, with nodes and phones of the test around it. */
export async function openEdgeWorld(
  door: Door,
  nodes: Readonly<Record<string, TestNode>>,
  limits: Partial<SourceLimits> = {},
): Promise<EdgeWorld> {
  const book = createMemoryRegistrations(systemClock);
  const site: EdgeSite = {
    nodes: Object.entries(nodes).map(([name, { end }]) => ({
      name,
      host: '127.0.0.1',
      port: end.port,
      weight: 1,
      drain: false,
    })),
    trunks: [],
    accounts: PASSWORDS,
  };
  const edge = new Edge({
    site,
    realm: 'test',
    nonceKey: 'a-key-of-the-tests',
    limits: { ...LIMITS, ...limits },
    opinion: { host: '127.0.0.1', port: 0 },
    server: drachtioServer(door, silent),
    book,
    clock: systemClock,
    log: silent,
  });
  const addresses = await edge.open();
  const port = Number(
    addresses
      .find((address) => address.startsWith('udp/'))
      ?.split(':')
      .at(-1),
  );
  const phones: SipPhone[] = [];
  return {
    edge,
    port,
    book,
    site: (change) => edge.update({ ...site, ...change }),
    phone: async (name = '1001', onRequest, password = PASSWORDS.get(name) ?? '') => {
      const phone = await SipPhone.open(port, { name, password }, onRequest);
      phones.push(phone);
      return phone;
    },
    close: async () => {
      await edge.close();
      await Promise.all(phones.map((phone) => phone.close()));
    },
  };
}
