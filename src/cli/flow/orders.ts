import type { Command } from 'commander';
import { ending, Explained } from '../ending.ts';
import { changeAnswer, type ChangeOptions, changing, tell } from './load.ts';
import { askServer, type Request } from './server.ts';
import type { Env } from './sim-world.ts';

const order = (name: string, description: string, env: Env, request: Pick<Request<never>, 'method' | 'path'>) =>
  changing(name)
    .description(description)
    .action((options: ChangeOptions) => ending(give(env, request, options)));

async function give(
  env: Env,
  request: Pick<Request<never>, 'method' | 'path'>,
  options: ChangeOptions,
): Promise<number> {
  return tell(await askServer(env, { ...request, answer: changeAnswer }), options, env);
}

/** `callwright flow rollback` */
export const rollbackCommand = (env: Env): Command =>
  order('rollback', 'end the canary, or go back to the release before', env, {
    method: 'POST',
    path: '/v1/flows/rollback',
  });

/** `callwright flow promote` */
export const promoteCommand = (env: Env): Command =>
  order('promote', 'let all new calls go by the canary', env, { method: 'POST', path: '/v1/flows/promote' });

/** `callwright flow canary --cancel` */
export const canaryCommand = (env: Env): Command =>
  changing('canary')
    .description('end a canary that `flow load --canary` began')
    .option('--cancel', 'let all new calls go by the release that led the others')
    .action(({ cancel, ...options }: ChangeOptions & { readonly cancel?: true }) =>
      ending(endCanary(env, cancel === true, options)),
    );

/** @throws Explained when it is not said that the canary shall end */
async function endCanary(env: Env, cancel: boolean, options: ChangeOptions): Promise<number> {
  if (!cancel) throw new Explained('`flow load --canary 10` begins a canary, `flow canary --cancel` ends it.');
  return give(env, { method: 'DELETE', path: '/v1/flows/canary' }, options);
}
