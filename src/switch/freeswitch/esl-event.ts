import { z } from 'zod';
import type { EpochMs, LegId } from '../../call/ids.ts';

/** FreeSWITCH writes every value as text; `variable_…` and the like come along and are left where they are. */
const fields = z.record(z.string(), z.string().catch(''));

/** An event of FreeSWITCH, with its own clock. */
export interface EslEvent {
  readonly name: string;
  /** Of `CUSTOM` events. */
  readonly subclass: string;
  /** Our channels are named by their leg. Empty when it is about none. */
  readonly legId: LegId;
  readonly at: EpochMs;
  /** '' when it is not there. */
  get(header: string): string;
}

/** What the door listens to. */
export const ESL_EVENTS =
  'CHANNEL_DESTROY CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE PLAYBACK_START PLAYBACK_STOP DTMF TALK NOTALK RECORD_START RECORD_STOP CUSTOM conference::maintenance callwright::taken';

/** Null when it is no event. */
export function eslEvent(body: string): EslEvent | null {
  const parsed = fields.safeParse(parseJson(body));
  if (!parsed.success) return null;
  const get = (header: string) => parsed.data[header] ?? '';
  return {
    name: get('Event-Name'),
    subclass: get('Event-Subclass'),
    legId: get('Unique-ID'),
    at: Math.round(Number(get('Event-Date-Timestamp')) / 1_000) || 0,
    get,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
