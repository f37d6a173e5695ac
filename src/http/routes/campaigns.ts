import { QUALITY_WORDS } from '../../engine/ports/campaigns.ts';
import type { CampaignSettings } from '../../engine/ports/history.ts';
import type { Service } from '../../engine/ports/service.ts';
import { found, valueOf } from '../errors.ts';
import { campaignQuality, campaignWhy, paced } from '../schemas/campaign-looks.ts';
import { campaignBody, campaignChange, campaignView, killed } from '../schemas/campaigns.ts';
import { byId, listed, problems } from '../schemas/common.ts';
import type { App, ServiceRoutes } from './app.ts';

const tags = ['campaigns'];
const COMMANDS = { start: 'Start or resume', pause: 'Dial no more, for now', stop: 'Stop for good' } as const;

export const campaignRoutes: ServiceRoutes = (app, service) => {
  app.get(
    '/v1/campaigns',
    {
      config: { capability: 'campaigns.read' },
      schema: { tags, summary: 'Campaigns and how far they are', response: { 200: listed(campaignView), ...problems } },
    },
    async () => ({ items: await service.campaigns() }),
  );
  app.get(
    '/v1/campaigns/:id',
    {
      config: { capability: 'campaigns.read' },
      schema: { tags, summary: 'One campaign', params: byId, response: { 200: campaignView, ...problems } },
    },
    async ({ params }) => found(await service.campaign(params.id), `campaign ${params.id}`),
  );
  changes(app, service);
  looks(app, service);
  kills(app, service);
  for (const command of ['start', 'pause', 'stop'] as const) {
    app.post(
      `/v1/campaigns/:id/${command}`,
      {
        config: { capability: 'campaigns.write' },
        schema: { tags, summary: COMMANDS[command], params: byId, response: { 200: campaignView, ...problems } },
      },
      async ({ params, principal }) => valueOf(await service.commandCampaign(params.id, command, principal?.name)),
    );
  }
};

function changes(app: App, service: Service): void {
  app.post(
    '/v1/campaigns',
    {
      config: { capability: 'campaigns.write' },
      schema: {
        tags,
        summary: 'Create a campaign, not yet dialling',
        body: campaignBody,
        response: { 201: campaignView, ...problems },
      },
    },
    async ({ body, heldKey }, reply) => {
      // By the key where there is one: after a crash the same request finds the campaign that it made.
      const id = heldKey ? `campaign-${heldKey.makes}` : undefined;
      return reply.code(201).send(valueOf(await service.createCampaign(body, id)));
    },
  );
  app.patch(
    '/v1/campaigns/:id',
    {
      config: { capability: 'campaigns.write' },
      schema: {
        tags,
        summary: 'Change how it dials',
        params: byId,
        body: campaignChange,
        response: { 200: campaignView, ...problems },
      },
    },
    // JSON has no undefined, so an optional field is there or is not.
    async ({ params, body, principal }) =>
      valueOf(await service.changeCampaign(params.id, body as Partial<CampaignSettings>, principal?.name)),
  );
}

function looks(app: App, { dialer }: Service): void {
  app.get(
    '/v1/campaigns/:id/why',
    {
      config: { capability: 'campaigns.read' },
      schema: { tags, summary: 'Why it is not dialling', params: byId, response: { 200: campaignWhy, ...problems } },
    },
    async ({ params }) => found(await dialer.why(params.id), `campaign ${params.id}`),
  );
  app.get(
    '/v1/campaigns/:id/quality',
    {
      config: { capability: 'campaigns.read' },
      schema: {
        tags,
        summary: 'How good its lists are',
        params: byId,
        response: { 200: campaignQuality, ...problems },
      },
    },
    async ({ params }) => ({
      ...found(await dialer.quality(params.id), `campaign ${params.id}`),
      definitions: QUALITY_WORDS,
    }),
  );
  app.get(
    '/v1/campaigns/:id/decisions',
    {
      config: { capability: 'campaigns.read' },
      schema: {
        tags,
        summary: 'The last 100 decisions of pacing, and why each',
        params: byId,
        response: { 200: listed(paced), ...problems },
      },
    },
    async ({ params }) => ({ items: found(await dialer.decisions(params.id), `campaign ${params.id}`) }),
  );
}

/** Who pulls the switch sees at once what he could not stop. */
function kills(app: App, { dialer }: Service): void {
  const config = { capability: 'campaigns.write' } as const;
  app.post(
    '/v1/campaigns/:id/kill',
    {
      config,
      schema: { tags, summary: 'No new dial from now on', params: byId, response: { 200: killed, ...problems } },
    },
    async ({ params, principal }) => valueOf(await dialer.kill(params.id, principal?.name ?? '')),
  );
  app.post(
    '/v1/dialer/kill',
    { config, schema: { tags, summary: 'No new dial of any campaign', response: { 200: killed, ...problems } } },
    ({ principal }) => dialer.killAll(principal?.name ?? ''),
  );
}
