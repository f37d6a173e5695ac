import type { ColumnType, Generated } from 'kysely';
import type { Screened } from '../../engine/ports/amd.ts';
import type { DncEntry, DncList, DncVersion } from '../../engine/ports/dnc.ts';
import type {
  Activation,
  CallbackRequest,
  KeptRecording,
  OutsideLeg,
  PinRow,
  Release,
  Voicemail,
} from '../../engine/ports/flow-store.ts';
import type {
  ApiToken,
  Attempt,
  AttemptOutcome,
  CallRecord,
  CampaignStatus,
  Lead,
  LeadStatus,
} from '../../engine/ports/history.ts';
import type { FollowUp } from '../../engine/ports/follow-ups.ts';
import type { ImportedPlace } from '../../engine/ports/imported.ts';
import type { ParkedEvent } from '../../engine/ports/webhooks.ts';
import type { LeadHold, LeadList, LeadNumber } from '../../engine/ports/leads.ts';

/** Name of the schema that holds everything of ours, so that Callwright can share a database with others. */
export const SCHEMA = 'callwright';

/** The tables as they stand after the last migration. Columns are snake_case in the database; times are bigint ms since 1970. */
export interface Tables {
  calls: CallRecord;
  agents: { id: string; profile: Json };
  campaigns: { id: string; status: CampaignStatus; settings: Json; createdAt: number };
  leads: Pick<Lead, 'id' | 'campaignId' | 'number' | 'name' | 'status' | 'attempts' | 'notBefore' | 'outcome'> &
    LeadColumns;
  /** Kept by triggers, see counts-step.ts. A hold or refusal that a lead has not, and the outcome of an open attempt, are empty. */
  leadCounts: Counts & { status: LeadStatus; hold: LeadHold | ''; refused: string; called: boolean };
  attemptCounts: Counts & { outcome: AttemptOutcome | '' };
  leadNumbers: { leadId: string; position: number } & LeadNumber;
  leadLists: Omit<LeadList, 'filter' | 'quotas' | 'order' | 'active'> & {
    campaignId: string;
    active: boolean;
    filter: string | null;
    quotas: Json;
    leadOrder: LeadList['order'];
  };
  /** `disposed` is an `AttemptWord`. */
  attempts: Omit<Attempt, 'trunk' | 'callerId'> &
    DialColumns & {
      disposition: Generated<string | null>;
      disposed: Generated<unknown>;
      wordMissingAt: Generated<number | null>;
      screened: Generated<Screened | null>;
    };
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
  dncEntries: DncEntry;
  dncLists: Omit<DncList, 'version'> & { versionId: string | null };
  dncVersions: DncVersion;
  /** An imported list as it is written down, cut into parts. */
  dncParts: { versionId: string; part: number; bytes: Buffer; at: number };
  dncSalt: { one: boolean; salt: string };
  /** Facts of the journal, `data` as JSON in text. */
  evidence: {
    campaignId: string;
    startedAt: number;
    subject: string;
    seq: number;
    at: number;
    type: string;
    data: string;
  };
  webhooks: { id: string; cursor: string | null; settings: string; failingSince: number | null };
  webhookParked: ParkedEvent & { webhookId: string };
  /** What was answered by the key of a request; `status` is null while it is under way. */
  idempotency: {
    id: string;
    tokenId: string;
    print: string;
    holder: string;
    at: number;
    until: number;
    status: number | null;
    type: string | null;
    body: string;
  };
  /** `document` is the whole as JSON in text; the rest is what is searched for. */
  followUps: {
    id: string;
    ownerKind: FollowUp['owner']['kind'];
    ownerId: string;
    state: FollowUp['state'];
    kind: string;
    dueAt: number;
    createdAt: number;
    closedAt: number | null;
    callId: string | null;
    ani: string | null;
    customerId: string | null;
    seq: number;
    wakeAt: number | null;
    rules: string;
    document: string;
  };
  /** Its history, which is also what is still to be told of it; `data` is JSON in text. */
  followUpFacts: { followUpId: string; seq: number; at: number; type: string; data: string; told: boolean };
  /** `person` is empty once it has come to its end. It and `found` are JSON in text. */
  erasures: {
    id: string;
    state: 'running' | 'done';
    dryRun: boolean;
    compact: boolean;
    person: string;
    found: string;
    by: string;
    askedAt: number;
    doneAt: number | null;
    problem: string | null;
  };
  /** Many events a row; `follows` is the cursor before its first one. */
  journalBlocks: { follows: string; last: string; events: number; body: Buffer; written: Generated<number> };
  /** Key figures from elsewhere; an empty `dimension` (and `key`) is the house. */
  importedFigures: {
    figure: ImportedPlace['figure'];
    fromAt: number;
    toAt: number;
    dimension: NonNullable<ImportedPlace['by']> | '';
    key: string;
    value: number;
    source: string;
    at: number;
    importedBy: string;
  };
  /** `why` is JSON in text; one row an agent. */
  decisions: { callId: string; agentId: string; at: number; queue: string; why: string };
  /** `terms` is JSON in text, as the documents of releases are. */
  callbacks: Omit<CallbackRequest, 'state' | 'require' | 'relax' | 'priority' | 'line' | 'prefer' | keyof Held> & {
    state: Generated<CallbackRequest['state']>;
    terms: string;
  } & Held;
}

interface DialColumns {
  trunk: string | null;
  callerId: string | null;
  /** Which dial of its number it is, from 1; null: it was before that was counted. */
  nth: Generated<number | null>;
}

/** What the statements of leads.ts write. A lead of one number has no rows in `lead_numbers`: its own columns say it all. */
interface LeadColumns {
  fields: Json;
  leaseOwner: string | null;
  leaseUntil: number | null;
  kind: Generated<string>;
  /** Empty: the campaign's unnamed list. */
  listId: Generated<string>;
  externalId: string | null;
  priority: Generated<number>;
  language: string | null;
  zones: string[] | null;
  address: Json | null;
  consent: string | null;
  digest: string | null;
  hold: LeadHold | null;
  numberIndex: Generated<number>;
  callbackAt: number | null;
  callbackAgent: string | null;
  callbackWaitMs: number | null;
  trail: string[] | null;
  chainedTo: string | null;
  chainedBy: string | null;
  /** What was said of it and the counters that this raised, for quotas. */
  counted: string[] | null;
  /** The rule that kept it from being dialled when it was last asked. */
  refused: Lead['refused'] | null;
  refusedBy: string | null;
  /** What makes two leads of one number the same: see leads-add.ts. */
  dedupe: Generated<string>;
  /** Lower is dialled first: see `rankOf` in leads.ts. */
  rank: Generated<number>;
  /** Order among fresh leads of one rank; ties go by id. */
  sortKey: Generated<number>;
}

/** One part of a count: the whole is their sum over `slot`. */
interface Counts {
  campaignId: string;
  slot: number;
  count: number;
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
