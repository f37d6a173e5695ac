import type { FactType } from '../call/journal.ts';

/** What a reader of the event stream is told about one type of event. */
export interface EventEntry {
  readonly title: string;
  readonly description: string;
  /** Asterisk `queue_log` events that say the same, null where Asterisk has none. */
  readonly queueLog: string | null;
}

const entry = (title: string, description: string, queueLog: string | null = null): EventEntry => ({
  title,
  description,
  queueLog,
});

/** Every event that leaves Callwright. Its fields are the schema of the same name in `call/journal.ts`. */
export const CATALOGUE: Readonly<Record<FactType, EventEntry>> = {
  'call.arrived': entry('Call arrived', 'A caller reached Callwright, or a campaign began to dial a person.'),
  'call.rejected': entry(
    'Call rejected',
    'Callwright refused the call at the door: full, draining, slow or no such number.',
  ),
  'call.answered': entry(
    'Call answered',
    "The customer's leg is up: Callwright answered the caller, or the dialled person did.",
  ),
  'call.language.set': entry('Language set', 'From now on the call is spoken to in this language.'),
  'call.queued': entry(
    'Call queued',
    'The call waits in a queue. A queue `campaign:<id>` holds the live answers of a campaign.',
    'ENTERQUEUE',
  ),
  'call.place.kept': entry(
    'Place kept',
    'A caller who rang again has the place he had: he waited for a callback, hung up while waiting, or his talk broke off. `waitedMs` counts from that place.',
  ),
  'call.position.announced': entry('Position announced', 'The caller heard the place in the queue.'),
  'call.estimate.announced': entry(
    'Estimate announced',
    'The caller heard how long it may take: between `fromMs` and `toMs`, or at most `toMs`. `estimateMs` is the mean, from then on.',
  ),
  'call.assigned': entry(
    'Call assigned',
    'Agents were chosen and are held for the call. Tells why: whose turn it was and by what, who else could have taken it and what they lost by.',
  ),
  'call.offered': entry('Call offered', "An agent is reserved for the call and the agent's phone is being rung."),
  'call.offer.failed': entry(
    'Offer failed',
    'The offered agent did not take the call; the call keeps its place. Verdict `no-answer` is RONA.',
    'RINGNOANSWER, RINGCANCELED',
  ),
  'call.connected': entry(
    'Call connected',
    'Customer and agent are talking. `waitedMs` counts from entering the queue.',
    'CONNECT',
  ),
  'call.abandoned': entry(
    'Call abandoned',
    'The caller hung up while waiting, or while an agent was being rung.',
    'ABANDON',
  ),
  'call.queue.left': entry(
    'Queue left',
    'The stay in the queue ended without an agent and without a hang-up: time out, full, nobody logged in, closed.',
    'EXITWITHTIMEOUT, EXITEMPTY, EXITWITHKEY, WITHDRAW',
  ),
  'call.disconnected': entry(
    'Call disconnected',
    "The agent's part in leading the talk ended. Talk and hold are counted apart; `by` `transfer`: he handed the customer over.",
    'COMPLETECALLER, COMPLETEAGENT',
  ),
  'call.transferred': entry(
    'Call transferred',
    'The flow, or the agent `from`, handed the caller over, and how that ended. An agent does it `blind` or, after asking, `attended`.',
    'BLINDTRANSFER, ATTENDEDTRANSFER',
  ),
  'call.returned': entry(
    'Call returned',
    'Nobody took the customer who was handed over, or the agent was lost: back to an agent, or to the old place in the queue.',
  ),
  'call.held': entry('Call held', 'The customer hears music: the agent put him on hold, or asks somebody aside.'),
  'call.resumed': entry('Call resumed', 'The customer is off hold again.'),
  'call.muted': entry('Call muted', 'Nobody hears the agent any more, or everybody again.'),
  'call.consulted': entry(
    'Call consulted',
    'The agent asked somebody aside: whom, how long it took until he was there, and if he came.',
  ),
  'call.conferenced': entry(
    'Call conferenced',
    'Somebody joined the talk (`joined`), left it (`left`), or was asked into it in vain.',
  ),
  'call.parked': entry('Call parked', 'The customer waits with music until somebody fetches him from the slot.'),
  'call.unparked': entry('Call unparked', 'The customer was fetched, waited too long, or hung up while he was parked.'),
  'call.monitored': entry(
    'Call monitored',
    'A supervisor listens, whispers to the agent, speaks with all (`barge`), stopped, or nobody came to the phone (`failed`).',
  ),
  'call.taken-over': entry('Call taken over', 'A supervisor leads the talk in place of the agent.'),
  'call.moved': entry('Call moved', 'A supervisor sent a waiting call to another queue; it keeps its place by time.'),
  'call.raised': entry('Call raised', 'A supervisor changed the priority of a waiting call, in seconds of credit.'),
  'transfer.refused': entry(
    'Transfer refused',
    'A flow or an agent would have dialled a number outside that is not allowed, or that would pass a cap of `site/destinations.yaml`.',
  ),
  'call.adopted': entry('Call adopted', 'A process took over a call that another, or an earlier one, had begun.'),
  'call.ended': entry(
    'Call ended',
    'The last event of a call. `detected` `reconcile`: the end was found out afterwards, not seen.',
  ),
  'leg.ringing': entry('Leg ringing', 'The far end of a leg rings.'),
  'leg.answered': entry('Leg answered', 'The far end of a leg answered.'),
  'leg.ended': entry(
    'Leg ended',
    'A leg is gone for good, with its Q.850 cause and, where known, its SIP final response.',
  ),
  'leg.rerouted': entry(
    'Leg rerouted',
    'The trunk `from` failed with a leg that had not rung: it is dialled by `trunk` as the leg `to`, which has its place in the call.',
  ),
  'flow.started': entry('Flow started', 'A flow began to lead the caller, in the named version.'),
  'flow.node.entered': entry('Node entered', 'The caller came to a node of the flow.'),
  'flow.node.left': entry('Node left', 'The caller left a node by one of its outcomes.'),
  'flow.input.received': entry('Input received', 'The caller entered digits at a node of the flow.'),
  'flow.prompt.missing': entry(
    'Prompt missing',
    "A prompt has no sound in the call's language; the flow's default language was heard instead, or nothing.",
  ),
  'flow.request.ended': entry(
    'Request ended',
    'What a node asked of the world (a lookup, a PIN check, a decision …) was answered, or not in time.',
  ),
  'flow.asked': entry(
    'Decision asked',
    'The flow waits until `deadlineAt` for an answer to `askId`: POST /v1/asks/{askId}/answer.',
  ),
  'flow.emitted': entry('Event of a flow', 'A flow tells the workflow layer something in words of its own.'),
  'flow.recorded': entry('Recorded', 'The caller said something that was kept.'),
  'recording.started': entry(
    'Recording started',
    'A part of the talk is recorded from now on, as its queue wants it; or what an abandoned person hears and says, as the message of his campaign wants it.',
  ),
  'recording.stopped': entry(
    'Recording stopped',
    'A part is over: `kept`, or `dropped` since the switch did not confirm a pause for card data, or made no recording.',
  ),
  'recording.paused': entry(
    'Recording paused',
    'Nothing of the talk is kept until it is resumed or over: card data is read.',
  ),
  'recording.resumed': entry('Recording resumed', 'The talk is recorded again, as its queue wants it.'),
  'recording.kept': entry(
    'Recording kept',
    'What was recorded is where recordings are kept: its length, and the SHA-256 of its file. Told again when a crash came between.',
  ),
  'recording.erased': entry(
    'Recording erased',
    'Somebody took away for good what a caller had said; `by` is the token.',
  ),
  'call.tagged': entry('Call tagged', 'All tags the call bears now.'),
  'voicemail.left': entry(
    'Voicemail left',
    'A message waits in a box. `replyBy` is the time that the caller was promised an answer by.',
  ),
  'voicemail.overdue': entry(
    'Voicemail overdue',
    'The promised time has passed and nobody has dealt with the message.',
  ),
  'voicemail.heard': entry('Voicemail heard', 'An agent heard a message that was offered to him like a call.'),
  'voicemail.returned': entry(
    'Voicemail returned',
    'The agent put down before he said what became of the message; it is back in line.',
  ),
  'voicemail.done': entry('Voicemail done', 'The agent said by key that the message is dealt with.'),
  'voicemail.erased': entry(
    'Voicemail erased',
    'The words of a message and its row are gone for good; `by` is the token, or `retention` a month after it was dealt with.',
  ),
  'callback.wanted': entry(
    'Callback wanted',
    'A waiting caller pressed the key for a callback and is asked for his number; until he has decided no agent is rung for him.',
  ),
  'callback.declined': entry(
    'Callback declined',
    'The caller would rather wait, or could not be called back at his number; he has the place he had.',
  ),
  'callback.requested': entry('Callback requested', 'The caller is to be called back instead of waiting.'),
  'callback.started': entry(
    'Callback started',
    'An agent is on the line and the customer is being rung, for the `attempt`-th time: as promised, or because of a message. `waitedMs` counts from the place that was kept.',
  ),
  'callback.answered': entry(
    'Callback answered',
    'The customer answered and talks with the agent; the promise is kept.',
  ),
  'callback.failed': entry(
    'Callback failed',
    'The customer was not reached: a verdict, a refusal of the number, or `no-trunk`. `retryAt` null: it was the last try.',
  ),
  'callback.withdrawn': entry(
    'Callback withdrawn',
    'The caller rang again while the callback waited, and is back at the kept place in the queue.',
  ),
  'callback.changed': entry('Callback changed', 'Somebody gave a waiting callback other times; `by` is the token.'),
  'callback.cancelled': entry('Callback cancelled', 'Somebody called a waiting callback off; `by` is the token.'),
  'callback.expired': entry('Callback expired', 'Its time passed before the customer was reached; nobody will ring.'),
  'survey.answered': entry('Survey answered', 'The caller answered one question of a survey.'),
  'survey.finished': entry('Survey finished', 'The survey ended: done, partial or declined.'),
  'pin.checked': entry('PIN checked', 'A PIN was keyed: ok, wrong or locked. The PIN itself is nowhere.'),
  'agent.hold.lapsed': entry(
    'Hold lapsed',
    'The agent was held for a call whose process died before the offer was made, and is free again.',
  ),
  'flows.loaded': entry(
    'Flows loaded',
    'Another release of the flow files leads new calls, all of them or `percent` of them.',
  ),
  'flows.refused': entry('Flows refused', 'New flow files have faults; the running release stays.'),
  'flows.behind': entry(
    'Flows behind',
    'The process of this switch cannot load the release that the others run, and keeps the one that it ran.',
  ),
  'flow.finished': entry('Flow finished', 'The flow leads the caller no longer.'),
  'agent.status.changed': entry(
    'Agent status changed',
    'What the agent chose: logged out, ready, or not ready with a reason. Callwright itself sets not ready after RONA.',
    'ADDMEMBER, REMOVEMEMBER, PAUSE, UNPAUSE',
  ),
  'agent.state.changed': entry(
    'Agent state changed',
    'What is seen of the agent: idle, reserved, ringing, talking, wrap-up.',
  ),
  'agent.seated': entry(
    'Agent seated',
    'From now on calls reach the agent at another phone, at a number outside, or on a line that stays up.',
  ),
  'agent.line.ended': entry(
    'Line ended',
    'The line of an agent was hung up or lost, or its agent logged out. `agent.status.changed` says what became of the agent.',
  ),
  'agent.line.refused': entry('Line refused', 'An agent wanted to log in on a line, and the line was not answered.'),
  'agent.status.overran': entry(
    'Status overran',
    'The agent is not ready for longer than the reason allows; told once each time.',
  ),
  'agent.backed.off': entry(
    'Agent backed off',
    'The agent missed an offer and is offered nothing before `until`; `missed` counts the misses in a row.',
  ),
  'agent.rest.began': entry(
    'Rest began',
    'The agent was busier, or worked on for longer, than the house allows, and is offered nothing before `until`.',
  ),
  'agent.rest.ended': entry('Rest ended', 'The rest is over: by time, or because the agent wanted no more of it.'),
  'agent.changed': entry(
    'Agent changed',
    'A supervisor changed skills or queues of a logged-in agent. Nothing named: as in the profile again.',
  ),
  'call.disposed': entry('Call disposed', 'What the agent says the call was about. Said again, the last word counts.'),
  'campaign.changed': entry(
    'Campaign changed',
    'A campaign was started, paused, killed, stopped or has finished, or its settings were changed.',
  ),
  'campaign.call.asked': entry(
    'Single call asked for',
    'Somebody asked a campaign for one call to one person (`POST /v1/calls`). What becomes of it is told by `attempt.*` with this `leadId`, and by the call.',
  ),
  'campaign.call.refused': entry(
    'Single call refused',
    'A single call was asked for, and `rule` of the compliance profile forbids it (docs/compliance.md), or, `destinations`, site/destinations.yaml does not allow the number or one of its caps is reached. The number is not told.',
  ),
  'queue.overflowing': entry(
    'Queue overflowing',
    'Others help a queue out, or do no longer. `to` is a queue, or the number of another site; `because` is what brought it on.',
  ),
  'queue.reserve.changed': entry(
    'Reserve of a queue changed',
    'Dials count on so many agents less (`held`), so that `needed` are there for the calls that are expected in the queue.',
  ),
  'campaign.paced': entry('Campaign paced', 'Pacing decided how many to dial now, and why.'),
  'campaign.preview.offered': entry(
    'Preview offered',
    'An agent is shown a lead, and held for it: he dials it or skips it. At `until` it is dialled for him, or lapses, as `atEnd` says.',
  ),
  'campaign.preview.ended': entry(
    'Preview ended',
    'The agent had the lead dialled or skipped it with a reason, did nothing in time (`lapsed`), or it was withdrawn: he left, the campaign stopped, a rule forbids it. Of a process that died none is told; the lead is shown anew.',
  ),
  'attempt.started': entry('Attempt started', 'A lead of a campaign is being dialled.'),
  'attempt.refused': entry(
    'Attempt refused',
    'A lead was not dialled, because `rule` of the compliance profile forbids it (docs/compliance.md), or, `no-trunk`, because no trunk leads to its number now or no number may be shown to it (docs/trunks.md), or, `destinations`, because site/destinations.yaml does not let a single call be made now (docs/commands.md). It is asked again at `until`; null: the lead is done. The number is not told.',
  ),
  'attempt.detected': entry(
    'Attempt detected',
    'Who picked up, as far as can be heard, and what is done with it. `confidence` (0.5–1), `logOdds` of a machine and the `parts` they add up from are there ' +
      'where our own classifier listened, `cause` where the switch did. `sampled`: put to an agent though it was taken for a machine, to measure how often that is wrong.',
  ),
  'attempt.greeted': entry(
    'Attempt greeted',
    'A machine ended its greeting `greetedMs` after it was known for one. `timeout`: it did not, and no message is left.',
  ),
  'attempt.message': entry(
    'Attempt message',
    'A message was said to a machine, to its end when `left`; `times` is 2 when it was begun anew after a late beep.',
  ),
  'attempt.apologised': entry(
    'Attempt apologised',
    'The message to a person for whom no agent was there is over. It began with `call.abandoned` of the same call.',
  ),
  'attempt.opted-out': entry(
    'Attempt opted out',
    'A person for whom there was no agent pressed the key by which he is not called any more.',
  ),
  'attempt.ended': entry('Attempt ended', 'The one outcome of an attempt.'),
  'lead.chained': entry(
    'Lead chained',
    'A campaign was done with a lead, which goes on in another by its `chain`. After a crash it may be told twice, with the same `toLeadId`.',
  ),
  'disposition.missing': entry(
    'Disposition missing',
    'The wrap-up of a talk is over, and its agent has not said what became of it, as the campaign asks. Told once a talk; he may still say it.',
  ),
  'trunk.down': entry(
    'Trunk down',
    'Call after call failed on a trunk, with no sign of life: campaigns leave it alone but for one call now and then. `said` is what it answered last.',
  ),
  'trunk.up': entry('Trunk up', 'A trunk that was down carries calls again.'),
  'dnc.added': entry(
    'Do-not-call entry added',
    'A number, or all that begin so, is not called any more: for a campaign, or for all (`campaignId` null). With `kind` except: it may be called though a list has it. The number itself is not told; `entryId` leads to it.',
  ),
  'dnc.removed': entry('Do-not-call entry removed', 'Somebody took an entry back, and why.'),
  'dnc.erased': entry(
    'Do-not-call entries made nameless',
    'A person was erased: the entries of the number survive as a salted hash, and are as much in force.',
  ),
  'dnc.list.created': entry('Do-not-call list made', 'It is empty until something is imported.'),
  'dnc.list.removed': entry('Do-not-call list removed', 'With all that was imported into it.'),
  'dnc.imported': entry(
    'Do-not-call list imported',
    'From now on the list is the file, or has its numbers too (`mode`). `fileHash` is the SHA-256 of the file, `rows` its numbers with doubles, `rejected` its rows that hold none, `numbers` those of the list.',
  ),
  'followup.created': entry(
    'Follow-up made',
    'Somebody owes somebody something: `owner` does it until `dueAt`, because of the call `callId`. Its events count from 1 without gaps.',
  ),
  'followup.assigned': entry('Follow-up assigned', 'Another agent, team or department owns it now.'),
  'followup.noted': entry('Follow-up noted', 'Somebody wrote down how it stands.'),
  'followup.called': entry(
    'Follow-up called',
    'Its owner and its caller are to be brought together by the callback `callbackId` of that queue.',
  ),
  'followup.call.tried': entry(
    'Call of a follow-up came to nothing',
    'Why, as in `callback.failed`; another try comes at `retryAt`, none where that is null. Not told where the process died that dialled.',
  ),
  'followup.call.ended': entry(
    'Call of a follow-up ended',
    'It was `reached`, `failed` after the last try, `expired`, `cancelled` (by the house, or since he asked not to be called) or `withdrawn` (he rang himself); `lost`: the callback is known no more. The follow-up stays open until somebody closes it.',
  ),
  'followup.put-off': entry(
    'Follow-up put off',
    'It is due at another time; what is told before and after that time is told anew.',
  ),
  'followup.due-soon': entry(
    'Follow-up due soon',
    'Once each time that a due time is set: so long before it as `dueSoon` of the owner in `site/follow-ups.yaml` says.',
  ),
  'followup.overdue': entry('Follow-up overdue', 'It was not closed in time. Once each time that a due time is set.'),
  'followup.escalated': entry(
    'Follow-up escalated',
    'A step of the rules in `site/follow-ups.yaml`: it may have another owner now, and with `alarm` somebody should look at once.',
  ),
  'followup.closed': entry('Follow-up closed', 'The promise was kept, or need not be any more: `outcome` says which.'),
  'followup.reopened': entry('Follow-up reopened', 'It was closed too soon, and is owed again.'),
  'threshold.raised': entry(
    'Threshold raised',
    'A figure has been beyond what `site/thresholds.yaml` allows for as long as the rule says. `words` is a sentence for people; the alarm lasts until it is cleared.',
  ),
  'threshold.reminded': entry('Threshold reminded', 'The alarm still lasts, and its rule has it told again.'),
  'threshold.cleared': entry(
    'Threshold cleared',
    'The alarm is over: the figure was `well` for long enough, there is none any more, what it was of is gone, or the rule was withdrawn.',
  ),
  'webhook.failing': entry(
    'Webhook failing',
    'Nothing gets through to a webhook for three tries, half a minute or more. It is tried again for a day; nothing is lost. Not sent to the webhook itself, nor are the next two.',
  ),
  'webhook.well': entry('Webhook well again', 'A webhook that was failing takes events again.'),
  'webhook.off': entry(
    'Webhook off',
    'A webhook is off: nothing got through for a day (`given-up`), its receiver wants no more (`gone`), or somebody switched it off (`asked`). Switched on again it goes on where it stopped.',
  ),
  'group.dead-letter': entry(
    'Dead letters of a group',
    'Consumers of a group took an event so often in vain that it was set aside. Told once, until all dead letters of the group were given out again or it was ended.',
  ),
  'person.erased': entry(
    'Person erased',
    'A person was taken out of everything that is kept. Events of before are told from now on with a name like `erased-6f0c…` in the place of his number; who has copied events should read those of the calls again, or forget them.',
  ),
  'switch.connected': entry(
    'Switch connected',
    'Callwright controls the switch. `restarted`: the switch had lost all its calls.',
  ),
  'switch.disconnected': entry('Switch disconnected', 'The switch is out of reach; its calls go on without being led.'),
  'switch.fenced': entry('Switch fenced', 'Another process controls the switch now; this one stopped acting on it.'),
  'switch.reconciled': entry(
    'Switch reconciled',
    'After a reconnect, what the switch holds was compared with what was known.',
  ),
};

export const FACT_TYPES = Object.keys(CATALOGUE) as readonly FactType[];
