/**
 * The little that Callwright uses of ari-client 2.2.0, which brings no types: its client, made once, opens the event socket. The
 * underscored names are its internals; the version is pinned.
 */
declare module 'ari-client' {
  export interface VendorSocket {
    /** Null while it is not open. */
    readonly _socket: { cork(): void; uncork(): void } | null;
    on(event: 'open' | 'pong', listener: () => void): this;
    on(event: 'message', listener: (data: Uint8Array) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'close', listener: (code: number) => void): this;
    removeAllListeners(): this;
    send(text: string): void;
    ping(): void;
    close(): void;
    terminate(): void;
  }

  export interface Client {
    _connection: { protocol: string; host: string; hostname: string; user: string; pass: string };
    _ws: VendorSocket;
    start(app: string): PromiseLike<void>;
  }

  const ari: { connect(url: string, user: string, password: string): PromiseLike<Client> };
  export default ari;
}
