import { z } from 'zod';
import { ms } from './fact-words.ts';

/** What the dialer records: its campaigns, their attempts, the trunks it dials over and the lists of who is not called. */
export const CAMPAIGN_FACTS = {
  'campaign.changed': z.strictObject({
    campaignId: z.string(),
    status: z.string(),
    previous: z.string(),
    /** Name of the token that asked for it, or `the dialer`; empty in older events. */
    by: z.string().default(''),
    /** Settings that are others now, as JSON. */
    changes: z.array(z.strictObject({ setting: z.string(), from: z.string(), to: z.string() })).default([]),
  }),
  'campaign.call.asked': z.strictObject({
    campaignId: z.string(),
    /** The call that it will be, and the lead that stands for it until then. */
    callId: z.string(),
    /** Name of the token that asked for it. */
    by: z.string(),
    reason: z.string(),
    reference: z.string(),
    /** Not before that time; null: as soon as a line is free. */
    until: z.number().nullable(),
  }),
  'campaign.call.refused': z.strictObject({
    campaignId: z.string(),
    by: z.string(),
    reason: z.string(),
    reference: z.string(),
    rule: z.string(),
    /** When the rule lets go; null: not by waiting. */
    until: z.number().nullable(),
  }),
  'campaign.paced': z.strictObject({
    campaignId: z.string(),
    /** Dials started since the last of these. */
    launch: z.int(),
    because: z.string(),
    /** What the policy reckoned with, as it names it. */
    numbers: z.record(z.string(), z.number()).default({}),
  }),
  'campaign.preview.offered': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    agentId: z.string(),
    /** The call that it would be. */
    callId: z.string(),
    number: z.string(),
    fields: z.record(z.string(), z.string()),
    /** A call was promised to the lead at that time; null: none was. */
    callbackAt: z.number().nullable(),
    /** When it ends by time alone, and how. */
    until: z.number(),
    atEnd: z.enum(['dial', 'lapse']),
  }),
  'campaign.preview.ended': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    agentId: z.string(),
    callId: z.string(),
    how: z.enum(['dialled', 'skipped', 'lapsed', 'withdrawn']),
    /** The agent's reason, or what kept it from being dialled; null: nothing did. */
    why: z.string().nullable(),
    readMs: ms,
  }),
  'attempt.started': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    attemptId: z.string(),
    number: z.string(),
    trunk: z.string(),
    /** Name and version of the compliance profile by which it was dialled. */
    profile: z.string().exactOptional(),
    /** The number that is shown; left out in older ones. */
    callerId: z.string().exactOptional(),
    /** No agent is kept from other calls while it rings; left out: one is. */
    keeps: z.literal('nobody').exactOptional(),
    /** As its list has it: personal data. Left out in older ones. */
    lead: z
      .strictObject({
        externalId: z.string().nullable(),
        name: z.string().nullable(),
        fields: z.record(z.string(), z.string()),
      })
      .exactOptional(),
  }),
  'attempt.refused': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    /** The rule of the campaign's compliance profile that forbids it. */
    rule: z.string(),
    /** When it is asked again; null: not by waiting. */
    until: z.number().nullable(),
  }),
  'attempt.detected': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    attemptId: z.string(),
    by: z.enum(['switch', 'own']),
    result: z.enum(['human', 'machine', 'unsure']),
    silent: z.boolean(),
    cause: z.string().nullable(),
    confidence: z.number().nullable(),
    logOdds: z.number().nullable(),
    parts: z.record(z.string(), z.number()),
    tookMs: ms,
    /** From the pick-up to the end of the greeting; absent: it was not heard, or in older events. */
    greetedMs: ms.exactOptional(),
    action: z.enum(['connect', 'message', 'hang-up']),
    sampled: z.boolean(),
  }),
  'attempt.greeted': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    attemptId: z.string(),
    by: z.enum(['beep', 'silence', 'timeout']),
    greetedMs: ms,
  }),
  'attempt.message': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    attemptId: z.string(),
    left: z.boolean(),
    times: z.int(),
  }),
  'attempt.apologised': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    attemptId: z.string(),
    message: z.string(),
    /** Played to its end; else the person hung up, or the switch did not play it. */
    whole: z.boolean(),
  }),
  'attempt.opted-out': z.strictObject({ campaignId: z.string(), leadId: z.string(), attemptId: z.string() }),
  'attempt.ended': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    attemptId: z.string(),
    outcome: z.string(),
    q850: z.int(),
    sip: z.int().nullable(),
    rangMs: ms,
  }),
  'lead.chained': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    /** The attempt with which it was done here. */
    attemptId: z.string(),
    toCampaignId: z.string(),
    toLeadId: z.string(),
    /** Not dialled there before. */
    notBefore: z.number(),
  }),
  'disposition.missing': z.strictObject({
    campaignId: z.string(),
    leadId: z.string(),
    attemptId: z.string(),
    callId: z.string(),
    agentId: z.string(),
  }),
  'trunk.down': z.strictObject({
    trunk: z.string(),
    /** What it said last. */
    said: z.string(),
    /** When one call tries it again. */
    until: z.number(),
  }),
  'trunk.up': z.strictObject({ trunk: z.string(), downMs: ms }),
  'dnc.added': z.strictObject({
    entryId: z.string(),
    kind: z.string(),
    listId: z.string().nullable(),
    campaignId: z.string().nullable(),
    reason: z.string(),
    source: z.string(),
    by: z.string(),
  }),
  'dnc.removed': z.strictObject({
    entryId: z.string(),
    kind: z.string(),
    campaignId: z.string().nullable(),
    reason: z.string(),
    by: z.string(),
  }),
  'dnc.erased': z.strictObject({ entries: z.int(), by: z.string() }),
  'dnc.list.created': z.strictObject({
    listId: z.string(),
    name: z.string(),
    campaignId: z.string().nullable(),
    by: z.string(),
  }),
  'dnc.list.removed': z.strictObject({ listId: z.string(), name: z.string(), by: z.string() }),
  'dnc.imported': z.strictObject({
    listId: z.string(),
    versionId: z.string(),
    mode: z.string(),
    fileName: z.string(),
    fileHash: z.string(),
    by: z.string(),
    rows: z.int(),
    rejected: z.int(),
    numbers: z.int(),
  }),
} as const;
