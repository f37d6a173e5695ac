import { z } from 'zod';
import { askWorld, SERVICE_MS } from '../ask.ts';
import type { Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { input, speeches } from '../parts.ts';
import { ask, askAfterWrong, digitKeys, inputSettings, prompts, type Question, questioning } from '../question.ts';
import { failed, leave } from '../walk.ts';
import { varName } from '../words.ts';
import { agentAccount } from './agent.ts';
import { digits } from './collect.ts';

/** Wrong PINs that one call may try, however often it comes by (the account has a guard of its own). */
const MOST_TRIES = 3;
const OUTCOMES = ['ok', 'wrong', 'locked', 'noInput'] as const;

/** Asks for the PIN of an account. Its digits go to the check and nowhere else; how it went is all that facts say. */
export const pin = kind({
  type: 'pin',
  fields: {
    prompt: speeches.prefault('pin.ask'),
    account: varName,
    whose: z.enum(['customer', 'agent']).default('customer'),
    digits: digits.prefault({ min: 4, max: 12 }),
    ...input,
  },
  outcomes: OUTCOMES,
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, OUTCOMES);
    scope.read(file.account, ['account'], ['string'], false);
    const invalid = file.prompt.invalid.length > 0 ? file.prompt.invalid : ['pin.wrong'];
    const question: Question = {
      ...prompts({ ...file.prompt, invalid }, scope),
      input: inputSettings(file, scope),
      shown: 'hidden',
      key: digitKeys(file.digits),
      end: file.digits.end,
      take: (walk, keyed) => (keyed.length < file.digits.min ? 'wrong' : check(walk, accountOf(walk, file), keyed)),
      spent: (_walk, why) => leave(scope.exits, why === 'noInput' ? 'noInput' : 'wrong'),
    };
    const keyed = questioning(() => question);
    return {
      ...keyed,
      stages: [...keyed.stages, 'asking'],
      enter(walk) {
        if (isSpent(walk)) return leave(scope.exits, 'wrong');
        return accountIn(walk, file.account) === '' ? failed({ error }) : ask(walk, question);
      },
      answered(walk, outcome) {
        const told = outcome === 'ok' || outcome === 'wrong' || outcome === 'locked' ? outcome : 'error';
        walk.facts.push({ type: 'pin.checked', data: { flow: walk.flow.id, node: walk.state.nodeId, outcome: told } });
        if (told === 'error') return failed({ error });
        walk.state.proved = told === 'ok' ? accountOf(walk, file) : null;
        if (told === 'wrong') walk.state.pinTries += 1;
        return told === 'wrong' && !isSpent(walk) ? askAfterWrong(walk, question) : leave(scope.exits, told);
      },
    };
  },
});

const isSpent = ({ state }: Walk) => state.pinTries >= MOST_TRIES;
const accountIn = ({ state }: Walk, variable: string) => String(state.vars[variable] ?? '');

const accountOf = (
  walk: Walk,
  { account, whose }: { readonly account: string; readonly whose: 'customer' | 'agent' },
) => (whose === 'agent' ? agentAccount(accountIn(walk, account)) : accountIn(walk, account));

const check = (walk: Walk, account: string, keyed: string): null =>
  askWorld(walk, {
    request: { kind: 'pin', account, pin: keyed },
    timeoutMs: SERVICE_MS,
    filler: [],
  });
