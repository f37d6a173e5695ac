import type { ColumnType, Generated } from 'kysely';
import type {
  Activation,
  CallbackRequest,
  KeptRecording,
  OutsideLeg,
  PinRow,
  Release,
  Voicemail,
} from '../../engine/ports/flow-store.ts';
import type { ApiToken, Attempt, CallRecord, CampaignStatus, Lead } from '../../engine/ports/history.ts';

/** Name of the schema that holds everything of ours, so that Callwright can share a database with others. */
export const SCHEMA = 'callwright';

/** The tables as they stand after the last migration. Columns are snake_case in the database; times are bigint ms since 1970. */
export interface Tables {
  calls: CallRecord;
  agents: { id: string; profile: Json };
  campaigns: { id: string; status: CampaignStatus; settings: Json; createdAt: number };
  leads: Omit<Lead, 'fields'> & { fields: Json; leaseOwner: string | null; leaseUntil: number | null };
  attempts: Attempt;
  tokens: ApiToken;
  /** Their documents are JSON in text, since `jsonb` refuses some characters that a file may hold and an id is a hash of. */
  releases: Omit<Release, 'files' | 'flows'> & { files: string; flows: string };
  activations: Omit<Activation, 'canary'> & {
    seq: Generated<number>;
    canaryRelease: string | null;
    canaryPercent: number | null;
  };
  callerMemory: { caller: string; what: string; value: string; until: number };
  pins: Omit<PinRow, 'tries'> & { account: string; hash: string | null; tries: Json };
  voicemails: Omit<Voicemail, 'state' | 'by' | 'movedAt' | keyof Held> & {
    state: Generated<Voicemail['state']>;
    by: string | null;
    movedAt: number | null;
    alerted: Generated<boolean>;
  } & Held;
  recordings: KeptRecording;
  outsideLegs: OutsideLeg;
  /** `why` is JSON in text; one row an agent. */
  decisions: { callId: string; agentId: string; at: number; queue: string; why: string };
  /** `terms` is JSON in text, as the documents of releases are. */
  callbacks: Omit<CallbackRequest, 'state' | 'require' | 'relax' | 'priority' | 'line' | keyof Held> & {
    state: Generated<CallbackRequest['state']>;
    terms: string;
  } & Held;
}

/** Of an errand: how often it was tried, when it may be again, and which call has it in hand. */
interface Held {
  tries: Generated<number>;
  notBefore: Generated<number>;
  heldBy: string | null;
  heldUntil: Generated<number>;
}

/** Written as JSON text, since the driver takes an array for one of Postgres; read parsed, through the schemas of documents.ts. */
type Json = ColumnType<unknown, string, string>;
