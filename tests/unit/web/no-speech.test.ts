import { expect, it } from 'vitest';
import { noSpeech } from '../../../src/web/no-speech.ts';

it('without a provider speech is unavailable', async () => {
  const asked = { legId: 'leg-1', language: 'fi', hints: [], timeoutMs: 5_000 };
  expect(await noSpeech.listen(asked)).toEqual({ outcome: 'unavailable' });
});
