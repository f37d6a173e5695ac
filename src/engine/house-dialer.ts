import { CallTrunks } from './call-trunks.ts';
import { EngineCampaignDesk } from './campaign-desk.ts';
import { EngineCallAsks } from './call-asks.ts';
import { CampaignAmd } from './campaign-amd.ts';
import { CampaignCapacity } from './campaign-capacity.ts';
import { CampaignLaw } from './campaign-law.ts';
import { CampaignLedgers } from './campaign-ledger.ts';
import { CampaignTrunks } from './campaign-trunks.ts';
import { EngineDispositionDesk } from './disposition-desk.ts';
import { CampaignFleet } from './fleet.ts';
import type { House } from './house.ts';
import type { ProfileOf } from './lead-after.ts';
import { LeadWays } from './lead-ways.ts';
import type { EngineRooms, Hooks } from './rooms.ts';
import { TrunkBook } from './trunk-book.ts';

/** By which compliance profile a campaign dials. */
export const profilesOf =
  (house: House): ProfileOf =>
  (campaign) =>
    house.law.profileOf(campaign);

export function lawOf({ dnc, releases }: House, { clock, history }: EngineRooms): CampaignLaw {
  const site = () => releases.current.site;
  const profiles = () => site().profiles ?? new Map<string, never>();
  return new CampaignLaw({
    clock,
    history,
    dnc: dnc.keeper,
    profiles,
    prompts: () => site().prompts,
    routes: () => site().routes,
  });
}

export const amdOf = ({ clock, log, history }: EngineRooms): CampaignAmd => new CampaignAmd({ clock, log, history });

export function ledgersOf(house: House, { clock, log, history }: EngineRooms): CampaignLedgers {
  const { evidence: keeper, amd } = house;
  return new CampaignLedgers({ clock, log, history, keeper, amd, profileOf: profilesOf(house) });
}

export function dispositionsOf(house: House, rooms: EngineRooms): EngineDispositionDesk {
  return new EngineDispositionDesk({
    ...rooms,
    recorder: house.recorder,
    desk: house.desk,
    dnc: house.dnc,
    board: () => house.board,
    ways: house.leadWays,
    profileOf: profilesOf(house),
    followUps: { create: (wish, by, id) => house.followUps.create(wish, by, id) },
    dispositions: () => house.releases.current.site.dispositions ?? new Map<string, never>(),
    again: (id, by) => house.fleet.again(id, by),
  });
}

export function leadWaysOf(house: House, rooms: EngineRooms): LeadWays {
  const { recorder, desk, dnc } = house;
  const isBarred = (number: string) => dnc.keeper.isBarred(number, null);
  return new LeadWays({ ...rooms, recorder, desk, isBarred, again: (id, by) => house.fleet.again(id, by) });
}

export function fleetOf(house: House, rooms: EngineRooms, hooks: Hooks): CampaignFleet {
  const { clock, log, ids, live, history, settings } = rooms;
  const { recorder, board, desk, dispatcher, policy, law, ledgers, amd } = house;
  const shared = { clock, log, ids, live, history, recorder, board, desk, dispatcher, law, ledgers, amd };
  return new CampaignFleet({
    ...shared,
    owner: settings.owner,
    ways: house.ways,
    canDial: () => hooks.connected(),
    held: () => policy.held(),
    leads: (campaignId) => dispatcher.leadsCampaign(campaignId),
    outside: (number, name) => house.outside.refusal(number, { kind: 'campaign', name }),
    release: (callId) => house.releases.forCall(callId).id,
    capacity: new CampaignCapacity({
      board: () => house.board,
      maxCalls: settings.maxCalls,
      flowLimit: (flow) => house.releases.current.site.flows.get(flow)?.maxCalls ?? null,
    }),
    flows: () => new Set(house.releases.current.site.flows.keys()),
    dispositions: () => new Set(house.releases.current.site.dispositions?.keys()),
    changed: () => dispatcher.say({ type: 'campaigns' }),
  });
}

/** Single calls that somebody asks for. */
export function callAsksOf(house: House, { clock, log, ids, history, live, settings }: EngineRooms): EngineCallAsks {
  const { recorder, law, releases, outside, fleet } = house;
  return new EngineCallAsks({
    clock,
    log,
    ids,
    history,
    live,
    recorder,
    law,
    country: settings.country,
    takes: (flow) => releases.current.site.flows.get(flow)?.takes ?? null,
    outside: (number, { id: name }) => outside.refusal(number, { kind: 'campaign', name }),
    came: (id, by) => fleet.again(id, by),
  });
}

/** What a manager asks of them all. */
export function campaignsOf(
  house: House,
  { clock, history, live, settings }: EngineRooms,
  hooks: Hooks,
): EngineCampaignDesk {
  const { board, desk, fleet, ways, law, ledgers } = house;
  const connected = () => hooks.connected();
  const { country } = settings;
  return new EngineCampaignDesk({ clock, history, live, board, desk, fleet, ways, connected, law, ledgers, country });
}

/** The trunks of the house, and who dials by them what no campaign does. */
export function trunksOf(house: House, rooms: EngineRooms) {
  const { recorder } = house;
  const board = { all: () => house.board.all() };
  const book = new TrunkBook({ ...rooms, recorder, board, lines: () => house.lines.ways() });
  const campaignOf = (lead: string) => house.ways.another(lead);
  return { book, callTrunks: new CallTrunks({ clock: rooms.clock, book, campaignOf }) };
}

export function waysOf({ book, releases }: House, { clock }: EngineRooms): CampaignTrunks {
  const pools = () => releases.current.site.callerIds ?? new Map<string, never>();
  return new CampaignTrunks({ clock, book, pools });
}
