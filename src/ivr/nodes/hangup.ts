import { z } from 'zod';
import { CAUSE } from '../../call/cause.ts';
import { kind } from '../kind.ts';
import { finish, noteLeft } from '../walk.ts';

/** Ends the call. */
export const hangup = kind({
  type: 'hangup',
  fields: { reason: z.enum(['normal', 'busy', 'rejected', 'congestion']).default('normal') },
  outcomes: [],
  fails: false,
  build: (file) => ({
    stages: [],
    enter(walk) {
      noteLeft(walk, 'done');
      return finish(walk, file.reason, CAUSE[file.reason]);
    },
  }),
});
