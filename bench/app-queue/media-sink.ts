import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Of the last breaths, so many wait for the thread that makes them. */
const PLACES = 256;

/**
 * Its thread binds a socket and never reads: it sleeps, wakes for each breath, and sleeps again without a turn of its
 * loop in between. So the system throws away what comes. The name is looked up at once, since a later turn never comes.
 */
const SLEEPER = `
  const { parentPort, workerData: { host, shared } } = require('node:worker_threads');
  const made = new Int32Array(shared);
  const silence = Buffer.concat([Buffer.from([0x80, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 1]), Buffer.alloc(160, 0xff)]);
  const lookup = (name, options, done) => done(null, name, 4);
  const socket = require('node:dgram').createSocket({ type: 'udp4', lookup });
  socket.bind(0, host, () => {
    parentPort.postMessage(socket.address().port);
    for (let breaths = 0; ; breaths += 1) {
      Atomics.wait(made, 0, breaths);
      socket.send(silence, made[1 + (breaths % ${PLACES})], host);
    }
  });`;

/**
 * Where all media goes, and is thrown away unread: a bench that took each packet of music would work along with what it
 * measures, on the same processors.
 */
export class MediaSink {
  /** Of all callers and all phones. */
  readonly port: number;
  readonly #thread: Worker;
  readonly #made: Int32Array;

  private constructor(port: number, thread: Worker, made: Int32Array) {
    [this.port, this.#thread, this.#made] = [port, thread, made];
  }

  static async open(host: string): Promise<MediaSink> {
    const made = new Int32Array(new SharedArrayBuffer(4 * (1 + PLACES)));
    const thread = new Worker(SLEEPER, { eval: true, workerData: { host, shared: made.buffer } });
    const [port] = (await once(thread, 'message')) as [number];
    return new MediaSink(port, thread, made);
  }

  /** 20 ms of µ-law silence (RFC 3550 §5.1, RFC 3551): an Answer() in the dialplan waits for it, up to 500 ms. */
  breathe(port: number): void {
    const breaths = Atomics.load(this.#made, 0);
    this.#made[1 + (breaths % PLACES)] = port;
    Atomics.store(this.#made, 0, breaths + 1);
    Atomics.notify(this.#made, 0);
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}
