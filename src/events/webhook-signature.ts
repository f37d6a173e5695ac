import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new signing secret as receivers are told it: `whsec_` and base64 (Standard Webhooks 1.0.0, "Signature scheme"). */
export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

export interface WebhookHeaders {
  readonly 'webhook-id': string;
  /** Seconds since 1970, of this try: receivers refuse what is older than five minutes. */
  readonly 'webhook-timestamp': string;
  /** One signature for each secret in force, so that receivers can change over in their own time. */
  readonly 'webhook-signature': string;
}

/**
 * Signs one message by the Standard Webhooks scheme (1.0.0): HMAC-SHA256 over `id.timestamp.body`.
 *
 * @param id the same for every try of a message; receivers drop what they have seen.
 * @param secrets as `newWebhookSecret` makes them; the one that is newest first.
 * @param at ms since 1970.
 */
export function signWebhook(id: string, body: string, secrets: readonly string[], at: number): WebhookHeaders {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
