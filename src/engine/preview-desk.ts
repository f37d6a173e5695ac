import type { AgentId } from '../call/ids.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { CampaignFleet } from './fleet.ts';
import type { PreviewDesk, PreviewView } from './ports/preview.ts';
import type { Answer } from './ports/service.ts';

/** What agents ask of the leads that they are shown, whichever campaign shows them. */
export class EnginePreviewDesk implements PreviewDesk {
  readonly #desk: Pick<AgentDesk, 'find'>;
  readonly #fleet: Pick<CampaignFleet, 'previewsOf'>;

  constructor(desk: Pick<AgentDesk, 'find'>, fleet: Pick<CampaignFleet, 'previewsOf'>) {
    this.#desk = desk;
    this.#fleet = fleet;
  }

  of(id: AgentId): PreviewView | null {
    return this.#fleet.previewsOf(id)?.of(id) ?? null;
  }

  async dial(id: AgentId): Promise<Answer<PreviewView>> {
    return this.#fleet.previewsOf(id)?.dial(id) ?? this.#none(id);
  }

  async skip(id: AgentId, reason: string): Promise<Answer> {
    return this.#fleet.previewsOf(id)?.skip(id, reason) ?? this.#none(id);
  }

  /** He logs out, which nobody can who is held: he is free when it resolves, unless his phone rings for it already. */
  async leave(id: AgentId): Promise<void> {
    await this.#fleet.previewsOf(id)?.leave(id);
  }

  #none(id: AgentId) {
    const agent = this.#desk.find(id);
    if (!agent) return { ok: false, why: 'not-found', sentence: `There is no agent ${id}.` } as const;
    // Held, and not by a preview of ours: it may be another process that shows him a lead.
    const isHeld = agent.live.state === 'reserved';
    const elsewhere = isHeld ? ' If another process dials the campaign, ask that one.' : '';
    return { ok: false, why: 'conflict', sentence: `Agent ${id} is shown no lead.${elsewhere}` } as const;
  }
}
