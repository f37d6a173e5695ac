import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import ari, { type Client } from 'ari-client';

export interface AriAddress {
  readonly url: URL;
  readonly user: string;
  readonly password: string;
}

/** @throws Error with the cure when this is no address of an Asterisk. */
export function ariAddress(address: string): AriAddress {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url?.username || !url.password || !/^https?:$/.test(url.protocol)) {
    throw new Error('ASTERISK_URL must look like http://user:password@host:8088');
  }
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return { url: new URL('/', `${url.protocol}//${url.host}`), user, password };
}

export interface EventSocket {
  send(text: string): void;
  ping(): void;
  /** Ends it at once, without waiting for the other side. */
  end(): void;
}

export interface SocketListener {
  opened(): void;
  frame(text: string): void;
  ponged(): void;
  /** Comes once, whether or not the socket ever opened. */
  closed(reason: string): void;
}

/**
 * Opens the event socket through ari-client and takes it over at once, before anything can happen on it. ari-client's own frame
 * handler goes deaf after an unknown event or a frame that is not JSON, keeps objects and listeners, and gives up
 * reconnecting after 43 s; from here on it sees nothing of the socket.
 */
export function openEventSocket(
  client: Client,
  address: AriAddress,
  app: string,
  listener: SocketListener,
): EventSocket {
  const { protocol, host, hostname } = address.url;
  /* oxlint-disable no-underscore-dangle -- ari-client offers no other way to its socket */
  client._connection = { protocol, host, hostname, user: address.user, pass: address.password };
  void client.start(app);
  const socket = client._ws;
  socket.removeAllListeners();
  let reason = 'closed by Asterisk';
  socket
    .on('open', () => listener.opened())
    .on('message', (data) => listener.frame(Buffer.from(data).toString('utf8')))
    .on('pong', () => listener.ponged())
    .on('error', (error) => {
      reason = error.message;
    })
    .on('close', () => listener.closed(reason));
  const gather = gatherer(() => socket._socket);
  /* oxlint-enable no-underscore-dangle */
  const send = (text: string) => {
    gather();
    socket.send(text);
  };
  return { send, ping: () => socket.ping(), end: () => socket.terminate() };
}

/** Lets all that is sent in one round of the event loop leave in one packet: each packet costs more than what is in it. */
function gatherer(stream: () => { cork(): void; uncork(): void } | null): () => void {
  let isGathering = false;
  return () => {
    const open = stream();
    if (isGathering || !open) return;
    isGathering = true;
    open.cork();
    setImmediate(() => {
      isGathering = false;
      open.uncork();
    });
  };
}

/**
 * An ari-client. To make one it reads Asterisk's Swagger files over HTTP, by the code where most of its faults are: a request that
 * fails never settles, there is no time-out, a 401 is a string thrown past the promise, the credentials are global to the
 * process, and it prints to stdout. None of that description is used here, so it is given an empty one by ourselves.
 */
export async function vendorClient(): Promise<Client> {
  const description = createServer((request, response) => {
    const isListing = request.url?.endsWith('/resources.json');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ swaggerVersion: '1.2', apis: isListing ? [{ path: '/events.json' }] : [] }));
  }).listen(0, '127.0.0.1');
  await once(description, 'listening');
  try {
    const { port } = description.address() as AddressInfo;
    return await ari.connect(`http://127.0.0.1:${port}`, '', '');
  } finally {
    description.close();
    description.closeAllConnections();
  }
}
