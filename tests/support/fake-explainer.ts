import type { Explainer, Explanation } from '../../src/engine/ports/explain.ts';

const explained = (of: Explanation['of'], id: string): Explanation => ({
  of,
  id,
  at: 5_000,
  headline: 'It waits for german ≥ 3.',
  lines: [{ at: 1_000, text: 'Joined queue support.', details: ['It asked for german ≥ 3.'] }],
});

/** Knows one call and one agent. */
export class FakeExplainer implements Explainer {
  explainCall: Explainer['explainCall'] = async (id) => (id === 'call-1' ? explained('call', id) : null);
  explainAgent: Explainer['explainAgent'] = async (id) => (id === 'alice' ? explained('agent', id) : null);
}
