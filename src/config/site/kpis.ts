import { z } from 'zod';
import type { KpiRates } from '../../engine/site.ts';
import { duration, shape } from '../../ivr/words.ts';

const price = z.number().min(0).max(1_000_000);

/** `site/kpis.yaml`: what the definitions of the key figures leave to the house. */
export const kpisFile = shape({
  shortAbandon: duration('0s', '1m').default(5_000),
  repeatWithin: duration('1h', '60d').default(7 * 86_400_000),
  perMinute: price.default(0),
  perAgentHour: price.default(0),
});

export const kpisOf = (file: z.output<typeof kpisFile>): KpiRates => ({
  shortAbandonMs: file.shortAbandon,
  repeatMs: file.repeatWithin,
  perMinute: file.perMinute,
  perAgentSecond: file.perAgentHour / 3_600,
});
