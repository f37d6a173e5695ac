/** What the installation decides about its HTTP door. */
export interface HttpSettings {
  /** Loopback unless asked otherwise. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** CloudEvents `source`, e.g. `/callwright`. */
  readonly source: string;
  /** Callwright's version, for the OpenAPI document. */
  readonly version: string;
  /** Believe `X-Forwarded-For`: only behind a proxy of one's own. */
  readonly trustProxy: boolean;
  /** Per client address. */
  readonly requestsPerMinute: number;
  /** Event streams open at once, in all. */
  readonly maxStreams: number;
  /** Requests are put off with 503 while the event loop lags more than this; 0 never. */
  readonly maxEventLoopDelayMs: number;
}
