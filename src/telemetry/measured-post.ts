import type { PostPort } from '../engine/ports/web.ts';
import type { Metrics } from './metrics.ts';

/** The same way out for messages, with the time of every message measured. */
export const measuredPost = (post: PostPort['post'], metrics: Pick<Metrics, 'webhookTook'>): PostPort['post'] =>
  async function measured(message) {
    const began = performance.now();
    const receipt = await post(message);
    const isTaken = receipt.ok && receipt.status >= 200 && receipt.status < 300;
    const result = isTaken ? 'taken' : receipt.ok ? 'refused' : 'failed';
    metrics.webhookTook(result, performance.now() - began);
    return receipt;
  };
