import type { CallState } from './call/state.ts';
import type { DispatchWatch } from './acd-dispatcher.ts';
import type { CallSession } from './call-session.ts';
import type { DncStore } from './ports/dnc.ts';
import type { FlowStore } from './ports/flow-store.ts';
import type { FollowUpStore } from './ports/follow-ups.ts';
import type { History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { PhoneAccounts } from './ports/phone-accounts.ts';
import type { RecordingStore } from './ports/recordings.ts';
import type { Draft, ReleaseMaker } from './ports/releases.ts';
import type { SecretHasher } from './ports/secrets.ts';
import type { SpeechPort } from './ports/speech.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { WebPort } from './ports/web.ts';
import type { Site } from './site.ts';

export interface EngineRooms {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly switchPort: SwitchPort;
  readonly live: LiveStore;
  readonly history: History;
  readonly flows: FlowStore;
  readonly dnc: DncStore;
  readonly followUps: FollowUpStore;
  readonly recordings: RecordingStore;
  readonly web: WebPort;
  readonly speech: SpeechPort;
  readonly pins: SecretHasher;
  /** Left out: the switch is the house's own, and so are its accounts. */
  readonly accounts?: PhoneAccounts;
  /** What flows may read as `${env.NAME}`. */
  readonly env: ReadonlyMap<string, string>;
  /** Its agents and trunks are in force to the end of this process; all else comes from the releases. */
  readonly site: Site;
  readonly maker: ReleaseMaker;
  /** What the start found in the folder of the flows. */
  readonly draft: Draft;
  readonly settings: EngineSettings;
  readonly watch?: Partial<DispatchWatch>;
  /** Another process has taken over; this one must stop acting, and best of all end. */
  readonly fenced: (reason: string) => void;
}

interface EngineSettings {
  /** Name of this process in leases. */
  readonly owner: string;
  readonly maxCalls: number;
  readonly maxSetupP99Ms: number;
  /** ISO 3166 country of numbers written without `+`; null refuses them. */
  readonly country: string | null;
  /** Closed follow-ups are kept for so many days. */
  readonly followUpDays: number;
}

/** What the house tells the engine, or asks it. */
export interface Hooks {
  /** Is the switch there, and reconciled? */
  connected(): boolean;
  moved(session: CallSession, before: CallState): void;
  /** Another process changed who the agents are. */
  profilesChanged(): Promise<void>;
}
