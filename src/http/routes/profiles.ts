import { noSuchProfile } from '../../engine/ports/profiles.ts';
import { Problem } from '../problem.ts';
import { listed, problems } from '../schemas/common.ts';
import { byName, complianceProfile } from '../schemas/profiles.ts';
import type { ServiceRoutes } from './app.ts';

const tags = ['campaigns'];
const config = { capability: 'campaigns.read' } as const;

/** By which rules campaigns dial, as the server has them now. */
export const profileRoutes: ServiceRoutes = (app, service) => {
  app.get(
    '/v1/profiles',
    {
      config,
      schema: {
        tags,
        summary: 'Compliance profiles, each value with its rule',
        response: { 200: listed(complianceProfile), ...problems },
      },
    },
    async () => ({ items: [...service.profiles().values()] }),
  );
  app.get(
    '/v1/profiles/:name',
    {
      config,
      schema: {
        tags,
        summary: 'One compliance profile, each value with its rule',
        params: byName,
        response: { 200: complianceProfile, ...problems },
      },
    },
    async ({ params: { name } }) => {
      const profiles = service.profiles();
      const profile = profiles.get(name);
      if (!profile) throw new Problem('resource.unknown', noSuchProfile(name, profiles));
      return profile;
    },
  );
};
