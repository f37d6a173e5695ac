import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A command as it came: its first line, its header lines and its body. */
export interface EslCommand {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Answer = string | null | Promise<string | null>;

/** What this FreeSWITCH does; each may be changed while it runs. */
export interface EslBehaviour {
  /** `rude`: this address may not connect · `mute`: it takes the connection and says nothing at all. */
  door: 'open' | 'rude' | 'mute';
  /** To `api` and `bgapi`, without that word; null: it hangs, and what is asked after it over the same connection too. */
  api: (command: string) => Answer;
  /** To `sendmsg`, whatever it is for. */
  message: (uuid: string, message: EslCommand) => Answer;
  /** The most bytes that it writes in one piece: 1 cuts everything to bytes. */
  pieceBytes: number;
}

interface Connection {
  readonly socket: Socket;
  isKnown: boolean;
  format: 'json' | 'plain';
  readonly names: Set<string>;
  rest: Buffer;
  /** Answers go out in the order of the commands, however long one takes. */
  order: Promise<void>;
}

const GOODBYE = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n';
const NOT_FOUND = '-ERR command not found';

/** FreeSWITCH's event socket without FreeSWITCH, for what a real one cannot be made to do. Held to the real one by the contract suite. */
export class EslDouble {
  readonly secret: string;
  readonly behaviour: EslBehaviour;
  /** All that was asked, in order. */
  readonly asked: EslCommand[] = [];
  /** Global variables of this FreeSWITCH. */
  readonly globals = new Map<string, string>([['core_uuid', randomUUID()]]);
  /** Names of channels that are up. */
  readonly channels = new Set<string>();
  port = 0;
  readonly #connections = new Set<Connection>();
  readonly #server = createServer((socket) => this.#accept(socket));

  constructor(secret = 'the-password') {
    this.secret = secret;
    this.behaviour = {
      door: 'open',
      api: (command) => this.standardApi(command),
      message: (uuid) => (this.channels.has(uuid) ? '+OK' : `-ERR invalid session id [${uuid}]`),
      pieceBytes: Infinity,
    };
  }

  get url(): string {
    return `esl://:${encodeURIComponent(this.secret)}@127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.#connections.size;
  }

  async listen(): Promise<this> {
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Connections break without a word. */
  drop(): void {
    for (const { socket } of this.#connections) socket.destroy();
  }

  /** It ends its connections as it does when it is shut down. */
  goodbye(): void {
    for (const connection of this.#connections) this.#leave(connection);
  }

  /** An event, to all who asked for its name. */
  tell(name: string, headers: Readonly<Record<string, string>> = {}, body = ''): void {
    const event = {
      'Event-Name': name,
      'Event-Date-Timestamp': '1795392125053038',
      ...headers,
      ...(body !== '' && { 'Content-Length': String(Buffer.byteLength(body)), _body: body }),
    };
    const wanted = headers['Event-Subclass'] ?? name;
    for (const one of this.#connections) {
      if (one.names.has(wanted) || one.names.has('ALL'))
        this.#write(one, one.format === 'json' ? json(event) : plain(event));
    }
  }

  /** Bytes as they are, to everybody. */
  raw(bytes: string): void {
    for (const connection of this.#connections) this.#write(connection, bytes);
  }

  /** A healthy FreeSWITCH with nothing but what this double has. */
  standardApi(command: string): string {
    const [name = '', ...words] = command.split(' ');
    const rest = words.join(' ');
    switch (name) {
      case 'global_getvar':
        return this.globals.get(rest) ?? '-ERR no reply\n';
      case 'global_setvar': {
        const [variable = '', value = ''] = rest.split('=');
        this.globals.set(variable, value);
        return '+OK';
      }
      case 'version':
        return '1.11.3-dev\n';
      case 'uptime':
        return '60000\n';
      case 'echo':
        return rest;
      case 'sofia':
        return 'Name             \tdrachtio_mrf\nURL              \tsip:mod_sofia@127.0.0.1:5080\n';
      case 'show':
        return JSON.stringify(rowsOf([...this.channels]));
      case 'conference':
        return rest === 'list' ? '+OK No active conferences.\n' : `-ERR Conference ${words[0]} not found\n`;
      case 'uuid_exists':
        return String(this.channels.has(rest));
      default:
        return name.startsWith('uuid_') ? this.#ofChannel(name, words[0] ?? '') : `-ERR ${name} Command not found!\n`;
    }
  }

  #ofChannel(name: string, uuid: string): string {
    if (!this.channels.has(uuid)) return '-ERR No such channel!\n';
    if (name === 'uuid_getvar') return '_undef_';
    if (name === 'uuid_kill') this.channels.delete(uuid);
    return '+OK\n';
  }

  #accept(socket: Socket): void {
    const connection: Connection = {
      socket,
      isKnown: false,
      format: 'plain',
      names: new Set(),
      rest: Buffer.alloc(0),
      order: Promise.resolve(),
    };
    this.#connections.add(connection);
    socket.on('error', () => {});
    socket.on('close', () => this.#connections.delete(connection));
    if (this.behaviour.door === 'mute') return;
    if (this.behaviour.door === 'rude') return this.#turnAway(connection);
    this.#write(connection, frame({ 'Content-Type': 'auth/request' }));
    socket.on('data', (chunk: Buffer) => {
      connection.rest = Buffer.concat([connection.rest, chunk]);
      for (let command = take(connection); command; command = take(connection)) this.#hear(connection, command);
    });
  }

  #turnAway(connection: Connection): void {
    this.#write(connection, frame({ 'Content-Type': 'text/rude-rejection' }, 'Access Denied, go away.\n'));
    this.#leave(connection);
  }

  #leave(connection: Connection): void {
    this.#write(connection, frame({ 'Content-Type': 'text/disconnect-notice' }, GOODBYE));
    connection.socket.end();
  }

  #hear(connection: Connection, command: EslCommand): void {
    this.asked.push(command);
    connection.order = connection.order.then(async () => {
      const answer = await this.#answer(connection, command);
      // Commands are carried out one after the other: while one hangs, so do those behind it.
      if (answer === null) return new Promise<void>(() => {});
      this.#write(connection, answer);
      if (command.line === 'exit' || !connection.isKnown) this.#leaveUnlessAsked(connection, command);
      return undefined;
    });
  }

  /** Who names the wrong password is shown the door; who asks before naming any may try again. */
  #leaveUnlessAsked(connection: Connection, { line }: EslCommand): void {
    if (line === 'exit' || line.startsWith('auth ')) this.#leave(connection);
  }

  async #answer(connection: Connection, command: EslCommand): Promise<string | null> {
    const [verb = '', ...words] = command.line.split(' ');
    const rest = words.join(' ');
    if (verb === 'auth') {
      connection.isKnown = rest === this.secret;
      return reply(connection.isKnown ? '+OK accepted' : '-ERR invalid');
    }
    if (!connection.isKnown || (rest === '' && verb === 'api')) return reply(verb === 'exit' ? '+OK bye' : NOT_FOUND);
    switch (verb) {
      case 'api': {
        const said = await this.behaviour.api(rest);
        return said === null ? null : frame({ 'Content-Type': 'api/response' }, said);
      }
      case 'bgapi':
        return this.#inBackground(rest, command.headers['Job-UUID'] ?? randomUUID());
      case 'event':
        return reply(subscribe(connection, words));
      case 'noevents':
        if (connection.names.size === 0) return reply('-ERR not listening for events');
        connection.names.clear();
        return reply('+OK no longer listening for events');
      case 'sendevent':
        return this.#passOn(rest, command);
      case 'sendmsg': {
        const said = await this.behaviour.message(rest, command);
        return said === null ? null : reply(said);
      }
      case 'exit':
        return reply('+OK bye');
      default:
        return reply(NOT_FOUND);
    }
  }

  #inBackground(command: string, job: string): string {
    void Promise.resolve(this.behaviour.api(command)).then((said) => {
      if (said !== null)
        this.tell('BACKGROUND_JOB', { 'Job-UUID': job, 'Job-Command': command.split(' ')[0] ?? '' }, said);
    });
    return frame({ 'Content-Type': 'command/reply', 'Reply-Text': `+OK Job-UUID: ${job}`, 'Job-UUID': job });
  }

  #passOn(name: string, { headers, body }: EslCommand): string {
    const id = randomUUID();
    setImmediate(() => this.tell(name, { ...headers, 'Event-UUID': id }, body));
    return reply(`+OK ${id}`);
  }

  #write({ socket }: Connection, text: string): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += this.behaviour.pieceBytes) {
      socket.write(bytes.subarray(at, at + this.behaviour.pieceBytes));
    }
  }
}

function subscribe(connection: Connection, [format, ...names]: readonly string[]): string {
  if ((format !== 'json' && format !== 'plain') || names.length === 0) return '-ERR no keywords supplied';
  connection.format = format;
  for (const name of names) connection.names.add(name);
  return `+OK event listener enabled ${format}`;
}

/** One command, ended by an empty line and what its Content-Length says. */
function take(connection: Connection): EslCommand | null {
  const end = connection.rest.indexOf('\n\n');
  if (end < 0) return null;
  const [line = '', ...lines] = connection.rest.toString('utf8', 0, end).trim().split(/\r?\n/);
  const headers = Object.fromEntries(lines.map((one) => one.split(/:\s*(.*)/s).slice(0, 2) as [string, string]));
  const length = Number(headers['Content-Length'] ?? headers['content-length'] ?? 0);
  if (connection.rest.length < end + 2 + length) return null;
  const body = connection.rest.toString('utf8', end + 2, end + 2 + length);
  connection.rest = connection.rest.subarray(end + 2 + length);
  return { line, headers, body };
}

const reply = (text: string): string => frame({ 'Content-Type': 'command/reply', 'Reply-Text': text });

function frame(headers: Readonly<Record<string, string>>, body?: string): string {
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ ...headers, ...length }).map(([name, value]) => `${name}: ${value}\n`);
  return `${lines.join('')}\n${body ?? ''}`;
}

type Event = Readonly<Record<string, string>>;

/** Events name their length before their type, unlike answers. */
const json = (event: Event): string => eventFrame('json', JSON.stringify(event));

function plain({ _body: body = '', ...headers }: Event): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${encodeURIComponent(value)}\n`);
  return eventFrame('plain', `${lines.join('')}\n${body}`);
}

const eventFrame = (format: 'json' | 'plain', body: string): string =>
  `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-${format}\n\n${body}`;

const rowsOf = (uuids: readonly string[]): object =>
  uuids.length === 0 ? { row_count: 0 } : { row_count: uuids.length, rows: uuids.map((uuid) => ({ uuid })) };
