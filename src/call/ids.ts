/**
 * The names things go by. Ids of legs, bridges, playbacks and recordings that Callwright starts are made by Callwright before the
 * request, so that no answer can be lost and no event can race its request; an arriving leg keeps the switch's own id.
 */
export type CallId = string;
export type LegId = string;
export type BridgeId = string;
export type PlaybackId = string;
export type RecordingId = string;
export type AgentId = string;
export type QueueName = string;
export type CampaignId = string;
export type LeadId = string;
export type AttemptId = string;

/** BCP 47 language tag as flows and skills write it, e.g. `fi`. */
export type Language = string;

/** Milliseconds since 1970-01-01T00:00Z, from the Clock port. */
export type EpochMs = number;
