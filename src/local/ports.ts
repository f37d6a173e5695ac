import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { LocalFault } from './fault.ts';

export interface PortWish {
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** What listens there, and the setting that moves it: for the sentence when the port is taken. */
  readonly purpose: string;
  readonly setting: string;
}

/** The wished port, or a free one. @throws LocalFault when another program has it. */
export async function claimPort(wish: PortWish): Promise<number> {
  const found = await (wish.protocol === 'tcp' ? probeTcp(wish) : probeUdp(wish));
  if (found !== undefined) return found;
  throw new LocalFault(
    'port-taken',
    `${wish.purpose} needs ${wish.protocol.toUpperCase()} port ${wish.port} on ${wish.host}, which another program uses: ` +
      `stop that program, or set ${wish.setting} to a free port.`,
  );
}

function probeTcp({ host, port }: PortWish): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

function probeUdp({ host, port }: PortWish): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.on('error', () => resolve(undefined));
    socket.bind(port, host, () => {
      const found = socket.address().port;
      socket.close(() => resolve(found));
    });
  });
}
