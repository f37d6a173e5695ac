import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PREVIEW_AFTER, previewEnd, readerGone } from '../../../src/dialer/preview.ts';

const MINUTE = 60_000;

describe('a lead that an agent looks at', () => {
  it.each([
    ['nothing said', {}, 30 * MINUTE, 'lapse'],
    ['wait', { previewMs: 5_000, previewAfter: 'wait' }, 30 * MINUTE, 'lapse'],
    ['dial', { previewMs: 20_000, previewAfter: 'dial' }, 20_000, 'dial'],
    ['dial, usual time', { previewAfter: 'dial' }, MINUTE, 'dial'],
    ['skip', { previewMs: 20_000, previewAfter: 'skip' }, 20_000, 'lapse'],
    ['skip, too long', { previewMs: 90 * MINUTE, previewAfter: 'skip' }, 30 * MINUTE, 'lapse'],
  ] as const)('ends by time alone: %s', (_what, terms, afterMs, atEnd) => {
    expect(previewEnd(terms, 1_000)).toEqual({ at: 1_000 + afterMs, atEnd });
  });

  it('is never dialled for him unless that was asked for, and never kept for more than half an hour', () => {
    const terms = fc.record({ previewMs: fc.nat(90 * MINUTE), previewAfter: fc.constantFrom(...PREVIEW_AFTER) });
    fc.assert(
      fc.property(terms, fc.nat(), (given, shownAt) => {
        const { at, atEnd } = previewEnd(given, shownAt);
        expect(atEnd === 'dial').toBe(given.previewAfter === 'dial');
        expect(at - shownAt).toBeLessThanOrEqual(30 * MINUTE);
      }),
    );
  });

  it.each([
    ['ready', true, null],
    ['ready', false, 'The agent is not held for it any more.'],
    ['not-ready', true, 'The agent is not ready any more.'],
    ['logged-out', true, 'The agent logged out.'],
    ['logged-out', false, 'The agent logged out.'],
  ] as const)('its reader %s, held %s', (status, held, why) => {
    expect(readerGone({ status, held })).toBe(why);
  });
});
