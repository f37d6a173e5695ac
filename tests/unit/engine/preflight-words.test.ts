import { expect, it } from 'vitest';
import type { ConsentLevel } from '../../../src/dialer/compliance/profile.ts';
import type { CampaignMode } from '../../../src/dialer/campaign-modes.ts';
import { SKIPPED, skippedBy } from '../../../src/engine/preflight-words.ts';

const wants = (mode: CampaignMode, toAgent: ConsentLevel, mobileToAgent: ConsentLevel, agentless: ConsentLevel) => {
  const cited = <T>(value: T) => ({ value, cite: 'a test' });
  const consent = { toAgent: cited(toAgent), mobileToAgent: cited(mobileToAgent), agentless: cited(agentless) };
  return skippedBy({ mode }, { consent });
};

it.each<readonly [CampaignMode, ConsentLevel, ConsentLevel, ConsentLevel, string]>([
  ['agentless', 'none', 'none', 'written', 'no written consent, which a call by a flow needs'],
  ['predictive', 'express', 'express', 'written', 'no express consent, which a call by an agent needs'],
  [
    'power',
    'none',
    'written',
    'none',
    'no written consent, which a call by an agent needs where the number may be mobile',
  ],
  ['preview', 'express', 'none', 'none', 'no express consent, which a call by an agent to a fixed line needs'],
  [
    'progressive',
    'express',
    'written',
    'none',
    'no express consent, or no written one where the number may be mobile, which a call by an agent needs',
  ],
])('names the consent that a %s campaign wants (%s, %s, %s)', (mode, toAgent, mobile, agentless, words) => {
  const said = wants(mode, toAgent, mobile, agentless);
  expect(said('consent')).toBe(`${words} (\`consent\` in its list)`);
  expect(said('dnc')).toBe(SKIPPED.dnc);
});
