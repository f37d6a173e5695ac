import Srf from 'drachtio-srf';
import type { Log } from '../../engine/ports/time.ts';

export interface DrachtioAddress {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/** @throws Error with the cure when this is no address of a drachtio server. */
export function drachtioAddress(address: string): DrachtioAddress {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'drachtio:' || !url.hostname || !url.password) {
    const shown = address.replace(/:[^:@]*@/, ':…@');
    throw new Error(`DRACHTIO_URL must look like drachtio://:secret@host:9022, not "${shown}"`);
  }
  return { host: url.hostname, port: Number(url.port || 9022), secret: decodeURIComponent(url.password) };
}

/** What drachtio-srf gives every request and response, and its types leave out. */
interface Ids {
  readonly stackDialogId?: string;
  readonly stackTxnId?: string;
}
export type Request = Srf.SrfRequest & Ids;
export type Response = Srf.SrfResponse & Ids;
export type Dialog = Srf.Dialog & { readonly id: string };

interface Asks {
  request(uri: string, options: object, sent: (error: unknown, request?: Request) => void): void;
}
interface Sends {
  readonly app: { readonly client: { sendMessage(message: string, ids: { readonly stackTxnId: string }): void } };
}
const UNAVAILABLE = 'SIP/2.0 503 Service Unavailable\r\nRetry-After: 2\r\n\r\n';
/** In a dialog drachtio itself knows where to. */
const NOWHERE = 'sip:placeholder';

interface InDialog {
  readonly method: 'BYE' | 'OPTIONS' | 'INVITE' | 'CANCEL';
  readonly dialogId?: string;
  readonly txnId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface DrachtioListener {
  up(): void;
  down(reason: string): void;
  refused(sentence: string): void;
  /** Left out: no calls are taken, only ended. */
  invite?(request: Request, response: Response): void;
}

const RETRY_MOST_MS = 2_000;
/** Silence after a request in a dialog for as long as RFC 3261 lets a transaction last (timer F) is no answer. */
const ANSWER_WITHIN_MS = 4_000;

/** The connection to one drachtio server. drachtio-srf is named here and in its neighbours alone. */
export class Drachtio {
  readonly srf = new Srf();
  readonly name: string;
  readonly #address: DrachtioAddress;
  #isUp = false;
  #isAsked = false;

  constructor(address: DrachtioAddress, log: Log, listener: DrachtioListener) {
    [this.#address, this.name] = [address, `${address.host}:${address.port}`];
    // Without one a lost connection is an uncaught exception.
    this.srf.on('error', (error: Error) => log.debug({ drachtio: this.name, reason: error.message }, 'drachtio'));
    this.srf.on('connect', (error: Error | null) => {
      if (error)
        return listener.refused('drachtio refuses the secret: mend it in DRACHTIO_URL or in its drachtio.conf.xml');
      this.#isUp = true;
      listener.up();
    });
    const gone = (reason: string) => {
      if (!this.#isUp) return;
      this.#isUp = false;
      listener.down(reason);
    };
    (this.srf as NodeJS.EventEmitter).on('close', () => gone('the connection to drachtio was lost'));
    (this.srf as NodeJS.EventEmitter).on('reconnecting', () => gone('the connection to drachtio was lost'));
    if (!listener.invite) return;
    this.srf.invite((request, response) => {
      try {
        listener.invite?.(request, response);
      } catch (error) {
        // drachtio-srf would answer 500 without a word to anybody here.
        log.error({ drachtio: this.name, problem: String(error) }, 'an arriving call broke: it is turned away');
        if (!response.finalResponseSent) response.send(503);
      }
    });
    // Carriers and edges ask so whether we are well. Only this way does drachtio hear that we want the verb.
    this.srf.use('options', (_request, response) => response.send(200));
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  connect(): void {
    this.#isAsked = true;
    const reconnect = { retryMaxDelay: RETRY_MOST_MS, connectTimeout: 0 };
    const options = { ...this.#address, reconnect };
    void this.srf.connect(options);
  }

  disconnect(): void {
    this.#isUp = false;
    // Who never connected has nothing to let go of, and drachtio-srf breaks when asked to.
    if (this.#isAsked) this.srf.disconnect();
  }

  /** Turns a caller away whose INVITE another process took and did not answer. */
  refuse(txnId: string): void {
    if (!this.#isUp) return;
    (this.srf as unknown as Sends).app.client.sendMessage(UNAVAILABLE, { stackTxnId: txnId });
  }

  /**
   * A request in a dialog, which may be another process's: drachtio knows all of them by their ids.
   *
   * @returns its final response, 481 when drachtio has no such dialog; null when none came.
   */
  ask({ method, dialogId, txnId, headers = {}, body }: InDialog): Promise<Response | null> {
    const { promise, resolve } = Promise.withResolvers<Response | null>();
    if (!this.#isUp) return Promise.resolve(null);
    const timer = setTimeout(() => resolve(null), ANSWER_WITHIN_MS);
    const settle = (response: Response | null) => {
      clearTimeout(timer);
      resolve(response);
    };
    const options = {
      method,
      headers,
      ...(dialogId !== undefined && { stackDialogId: dialogId }),
      ...(txnId !== undefined && { stackTxnId: txnId }),
      ...(body !== undefined && { body }),
    };
    const sent = (error: unknown, request?: Request) => {
      if (error || !request) return settle({ status: 481 } as Response);
      if (method === 'CANCEL') return settle(null);
      request.on('response', (response, ack) => {
        if (method === 'INVITE' && response && response.status >= 200) ack?.();
        if (response && response.status >= 200) settle(response);
      });
    };
    try {
      (this.srf as unknown as Asks).request(NOWHERE, options, sent);
    } catch {
      settle(null);
    }
    return promise;
  }
}
