import { z } from 'zod';
import { AGENT_ACTIONS } from '../../call/request.ts';
import { askWorld, SERVICE_MS } from '../ask.ts';
import { kind } from '../kind.ts';
import { failed, leave } from '../walk.ts';
import { duration, name, varName } from '../words.ts';

const OUTCOMES = ['ok', 'unknown', 'refused'] as const;
const NEEDS: Readonly<Partial<Record<(typeof AGENT_ACTIONS)[number], 'disposition' | 'slot'>>> = {
  dispose: 'disposition',
  pickUp: 'slot',
};

/**
 * What an agent does by phone code: he logs in and out, takes a break, ends his wrap-up, fetches a parked customer. He is known by the phone that he calls
 * from, as the switch tells it, or by a number whose PIN he keyed in this call; never by a caller id.
 */
export const agent = kind({
  type: 'agent',
  fields: {
    action: z.enum(AGENT_ACTIONS),
    /** Variable with the agent's number; its PIN is asked before by a `pin` node `whose: agent`. */
    agent: varName.optional(),
    reason: name.optional(),
    disposition: varName.optional(),
    slot: varName.optional(),
    by: duration('10s', '30m').default(60_000),
  },
  outcomes: OUTCOMES,
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, OUTCOMES);
    if (file.agent !== undefined) scope.read(file.agent, ['agent'], ['string'], false);
    if (file.disposition !== undefined) scope.read(file.disposition, ['disposition'], ['string', 'enum'], false);
    if (file.slot !== undefined) scope.read(file.slot, ['slot'], ['string'], false);
    const needed = NEEDS[file.action];
    if (needed !== undefined && file[needed] === undefined) {
      const message = `\`${file.action}\` needs a \`${needed}\`.`;
      scope.report('missing-field', ['action'], message, 'Name the variable that holds it.');
    }
    return {
      stages: ['asking'],
      enter(walk) {
        const textIn = (variable: string | undefined) =>
          variable === undefined ? null : String(walk.state.vars[variable] ?? '');
        const number = textIn(file.agent);
        if (number !== null && walk.state.proved !== agentAccount(number)) return leave(scope.exits, 'unknown');
        const { action, reason = null, by: byMs } = file;
        const disposition = textIn(file.disposition);
        const slot = textIn(file.slot);
        const about = { action, number, reason, disposition, byMs, ...(slot !== null && { slot }) };
        const request = { kind: 'agent', ...about } as const;
        return askWorld(walk, { request, timeoutMs: SERVICE_MS, filler: [] });
      },
      answered(_walk, outcome) {
        const told = OUTCOMES.find((each) => each === outcome);
        return told === undefined ? failed({ error }) : leave(scope.exits, told);
      },
    };
  },
});

/** PINs of agents lie beside those of customers; a customer's account is never an agent's. */
export const agentAccount = (number: string): string => `agent:${number}`;
