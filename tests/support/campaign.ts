import type { CampaignSettings } from '../../src/engine/ports/history.ts';

/** The campaign of the walks. */
export const AUTUMN: CampaignSettings = {
  name: 'Autumn',
  mode: 'progressive',
  trunk: 'public',
  callerId: '+358400000009',
  language: 'en',
  require: [],
  maxLines: 10,
  cps: 10,
  ringMs: 15_000,
  maxAttempts: 1,
  retryAfterMs: 60_000,
  connectDeadlineMs: 2_000,
  wrapUpMs: 1_000,
  profile: 'lab',
};

/** A lead list as it is uploaded. */
export async function* csv(numbers: readonly string[]): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(['number,name', ...numbers.map((each, index) => `${each},Lead ${index}`)].join('\n'));
}
