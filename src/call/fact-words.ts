import { z } from 'zod';
import { VERDICTS } from './cause.ts';

/** How a leg came to its end. */
export const verdict = z.enum(VERDICTS as [string, ...string[]]);
export const ms = z.int().nonnegative();
