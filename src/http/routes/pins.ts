import type { FlowDesk } from '../../engine/ports/flow-desk.ts';
import { Problem } from '../problem.ts';
import { nothing, problems } from '../schemas/common.ts';
import { byAccount, pinBody } from '../schemas/flow-desk.ts';
import type { App } from './app.ts';

const tags = ['pins'];
const config = { capability: 'pins.write' } as const;

/** PINs of accounts, which callers key in. They come in and never go out. */
export function pinRoutes(app: App, desk: FlowDesk): void {
  app.put(
    '/v1/pins/:account',
    {
      config,
      schema: {
        tags,
        summary: 'Set the PIN of an account; who was locked out may use it at once',
        params: byAccount,
        body: pinBody,
        response: { 204: nothing('Set.'), ...problems },
      },
    },
    async ({ params, body }, reply) => {
      await desk.setPin(params.account, body.pin);
      return reply.code(204).send();
    },
  );
  app.delete(
    '/v1/pins/:account',
    {
      config,
      schema: {
        tags,
        summary: 'Remove the PIN of an account',
        params: byAccount,
        response: { 204: nothing('Removed.'), ...problems },
      },
    },
    async ({ params }, reply) => {
      if (!(await desk.removePin(params.account))) throw new Problem('resource.unknown', 'The account has no PIN.');
      return reply.code(204).send();
    },
  );
}
