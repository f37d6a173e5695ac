import type Srf from 'drachtio-srf';
import { CAUSE, type HangupCause } from '../../call/cause.ts';
import type { Dialog, Drachtio, Request, Response } from './drachtio.ts';
import { causeOfSip, q850In, reasonHeader, sipStatusOf } from './sip-cause.ts';

/** What a telephone does by itself. Each comes once, but for the keys. */
export interface LineListener {
  /** Our INVITE is on its way; by this id any process can take it back. */
  invited(txnId: string): void;
  ringing(): void;
  /** The far end has picked up; `sdp` is where its voice is. */
  answered(sdp: string): void;
  ended(cause: HangupCause): void;
  key(digit: string): void;
}

/**
 * The signalling of one leg: a dialog of SIP (RFC 3261 §12).
 *
 *     arriving: INVITE ─ring()──▶ 180 ─answer()──▶ 200, ACK ──▶ up ──BYE──▶ over
 *     dialled:  dial() ─▶ INVITE ──180──▶ ringing ──200──▶ up ──BYE──▶ over
 *
 * Whoever ends it, and however early, `end()` says what fits: CANCEL, a final response, or BYE.
 */
export interface Line {
  readonly drachtio: Drachtio;
  /** By which any process can end it; null before it is up. */
  readonly dialogId: string | null;
  /** Of an INVITE that has not been answered. */
  readonly txnId: string | null;
  readonly isOver: boolean;
  end(cause: HangupCause): void;
  /** Whether the far end still has this dialog; null: nobody says so now. */
  probe(): Promise<boolean | null>;
  /** Moves the far end's voice to somewhere else. Null: it would not. */
  move(sdp: string): Promise<string | null>;
}

const KEY = /^[0-9A-D*#]$/;
const GONE = 481;

abstract class BaseLine implements Line {
  readonly drachtio: Drachtio;
  protected readonly listener: LineListener;
  protected dialog: Dialog | null = null;
  #isOver = false;

  constructor(drachtio: Drachtio, listener: LineListener) {
    [this.drachtio, this.listener] = [drachtio, listener];
  }

  get dialogId(): string | null {
    return this.dialog?.id ?? null;
  }

  get txnId(): string | null {
    return null;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(cause: HangupCause): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.dialog) void this.bye(cause);
    else this.giveUp(cause);
  }

  async probe(): Promise<boolean | null> {
    if (this.#isOver) return false;
    if (this.dialogId === null) return null;
    const answer = await this.drachtio.ask({ method: 'OPTIONS', dialogId: this.dialogId });
    return answer && answer.status !== GONE;
  }

  async move(sdp: string): Promise<string | null> {
    if (this.dialogId === null) return null;
    const answer = await this.drachtio.ask({ method: 'INVITE', dialogId: this.dialogId, body: sdp });
    if (answer?.status !== 200) return null;
    // What it is told again when it asks.
    if (this.dialog) this.dialog.local.sdp = sdp;
    return answer.body;
  }

  /** Before there is a dialog. */
  protected abstract giveUp(cause: HangupCause): void;

  protected async bye(cause: HangupCause): Promise<void> {
    const { dialogId } = this;
    if (dialogId !== null) await this.drachtio.ask({ method: 'BYE', dialogId, headers: reasonHeader(cause) });
  }

  /** Tells of it once. */
  protected over(cause: HangupCause): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.listener.ended(cause);
  }

  protected took(dialog: Dialog): void {
    this.dialog = dialog;
    dialog.on('destroy', (message) => this.over({ q850: q850In(reasonOf(message)) ?? CAUSE.normal.q850 }));
    dialog.on('info', (request, response) => {
      response.send(200);
      const digit = keyOf(request);
      if (digit !== null) this.listener.key(digit);
    });
    // A phone that holds or moves its media says so with a new offer; FreeSWITCH keeps what it has.
    dialog.on('modify', (_request, response) => response.send(200, { body: dialog.local.sdp }));
    dialog.on('refresh', () => {});
  }
}

/** A call that came. */
export class ArrivingLine extends BaseLine {
  readonly #request: Request;
  readonly #response: Response;

  constructor(drachtio: Drachtio, request: Request, response: Response, listener: LineListener) {
    super(drachtio, listener);
    [this.#request, this.#response] = [request, response];
    request.on('cancel', () => this.over(CAUSE.normal));
  }

  override get txnId(): string | null {
    return this.dialog ? null : (this.#request.stackTxnId ?? null);
  }

  get offer(): string {
    return this.#request.body;
  }

  /** Alone, or with a voice (RFC 3960, early media). */
  ring(sdp: string | null = null): void {
    if (this.isOver || this.dialog) return;
    if (sdp === null) this.#response.send(180);
    else this.#response.send(183, { body: sdp });
  }

  /** False when the caller was gone by then. */
  async answer(localSdp: string): Promise<boolean> {
    if (this.isOver) return false;
    try {
      const dialog = (await this.drachtio.srf.createUAS(this.#request, this.#response, { localSdp })) as Dialog;
      this.took(dialog);
      // It was to be ended while it was being answered.
      if (this.isOver) void this.bye(CAUSE.normal);
      return !this.isOver;
    } catch {
      this.over(CAUSE.normal);
      return false;
    }
  }

  protected giveUp(cause: HangupCause): void {
    this.#response.send(sipStatusOf(cause), { headers: reasonHeader(cause) });
  }
}

export interface Dialling {
  readonly uri: string;
  readonly sdp: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: { readonly username: string; readonly password: string };
  /** Where the INVITE goes when that is not what the URI says. */
  readonly proxy?: string;
}

/** A call that we make. */
export class DialledLine extends BaseLine {
  #request: Request | null = null;
  #cause: HangupCause | null = null;
  #hasRung = false;

  override get txnId(): string | null {
    return this.dialog ? null : (this.#request?.stackTxnId ?? null);
  }

  async dial({ uri, sdp, headers, auth, proxy }: Dialling): Promise<void> {
    const options = { localSdp: sdp, headers: { ...headers }, ...(auth && { auth }), ...(proxy && { proxy }) };
    const progress = {
      // Called with an error first, which its types leave out.
      cbRequest: (...said: unknown[]) => this.#sent((said.at(-1) ?? null) as Request | null),
      cbProvisional: ({ status }: Srf.SrfResponse) => this.#provisional(status),
    };
    try {
      const dialog = (await this.drachtio.srf.createUAC(uri, options, progress)) as Dialog;
      this.took(dialog);
      // Answered in the moment in which it was given up.
      if (this.isOver) await this.bye(this.#cause ?? CAUSE.normal);
      else this.listener.answered(dialog.remote.sdp);
    } catch (error) {
      this.over(this.#cause ?? causeOfError(error));
    }
  }

  protected giveUp(cause: HangupCause): void {
    this.#cause = cause;
    this.#cancel();
  }

  #sent(request: Request | null): void {
    this.#request = request;
    if (request?.stackTxnId !== undefined) this.listener.invited(request.stackTxnId);
    if (this.isOver) this.#cancel();
  }

  /** RFC 3261 §9.1 lets CANCEL wait for a provisional response; drachtio sees to that. */
  #cancel(): void {
    const txnId = this.#request?.stackTxnId;
    if (txnId !== undefined) this.#request?.cancel(() => {});
  }

  #provisional(status: number): void {
    if (status < 180 || this.#hasRung || this.isOver) return;
    this.#hasRung = true;
    this.listener.ringing();
  }
}

/** drachtio-srf rejects with a final response that is no 200, or with what kept the request from being sent. */
function causeOfError(error: unknown): HangupCause {
  const { status, res } = error as { status?: number; res?: Response };
  return status === undefined ? CAUSE.congestion : causeOfSip(status, reasonOf(res));
}

const reasonOf = (message: { get(name: string): string } | undefined): string | undefined => message?.get('Reason');

/** RFC 2976 with the bodies that phones send: `application/dtmf-relay` (Signal=5) and `application/dtmf` (5). */
function keyOf(request: { readonly body: string }): string | null {
  const [, signal] = /Signal\s*=\s*(\S)/i.exec(request.body) ?? [];
  const digit = (signal ?? request.body.trim()).toUpperCase();
  return KEY.test(digit) ? digit : null;
}
