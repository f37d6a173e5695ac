import { z } from 'zod';
import { fault } from '../../ivr/words.ts';

/** A part of the whole, read into 0–1: `0.8` or `80%`. */
export const share = z
  .unknown()
  .refine((written) => shareIn(written) !== null, {
    error: fault('A share is a part of the whole.', 'Write it like `80%` or `0.8`.'),
    abort: true,
  })
  .transform((written) => shareIn(written) ?? 0);

function shareIn(written: unknown): number | null {
  const [, percent] = (typeof written === 'string' && /^([0-9]{1,3}(?:\.[0-9]{1,2})?) ?%$/.exec(written)) || [];
  const value = percent === undefined ? written : Number(percent) / 100;
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : null;
}

/** Digits in E.164, whole or with `*` at the end for all that begin so. */
export const numberRange = z.string().regex(/^\+[1-9][0-9]{0,14}\*?$/, {
  error: fault(
    'A number here is a `+` and digits, with `*` at the end for all that begin so.',
    'Write it like "+358*".',
  ),
});
