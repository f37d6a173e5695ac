import { z } from 'zod';
import { FIGURE_UNITS, SEVERITIES, THRESHOLD_SCOPES } from '../../call/threshold-facts.ts';
import { epochMs } from './common.ts';

const value = z.number();

export const alarmView = z.object({
  alarmId: z.string().meta({ description: 'The same in all events of this alarm.' }),
  threshold: z.string().meta({ description: 'Name of the rule in `site/thresholds.yaml`.' }),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  of: z.enum(THRESHOLD_SCOPES),
  name: z.string(),
  figure: z.string(),
  unit: z.enum(FIGURE_UNITS).meta({ description: 'Of `value`, `worst` and `level`; shares are 0–1.' }),
  direction: z.enum(['above', 'below']),
  level: value,
  phase: z.enum(['raised', 'easing']).meta({ description: '`easing`: it is well, but not yet for long enough.' }),
  value: value.nullable().meta({ description: 'The last that was read; null: there is no figure just now.' }),
  sample: value.nullable().meta({ description: 'How many calls, agents or answers it is counted from.' }),
  worst: value,
  since: epochMs,
  raisedAt: epochMs,
  readAt: epochMs,
  words: z.string(),
});
