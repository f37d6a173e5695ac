import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type FactType, JOURNAL } from '../../../src/call/journal.ts';
import { parseEvent } from '../../../src/call/journal-text.ts';
import { PERSONAL_FIELDS, shownBy, textWithoutPerson } from '../../../src/engine/erase-facts.ts';
import { aliasOf, PersonWords, spellingsOf } from '../../../src/engine/erase-words.ts';

const SALT = 'a secret';
const NUMBER = '+358401234567';
const person = (numbers = [NUMBER], customerIds: string[] = []) =>
  new PersonWords(spellingsOf({ numbers, customerIds }, SALT, 'FI'));

describe('what a person is known by', () => {
  it.each([
    NUMBER,
    '358401234567',
    '00358401234567',
    '0401234567',
    '+358 40 123 4567',
    '040-123 4567',
    '+358 (40) 1234567',
    `sip:${NUMBER}@example.org`,
    `Call ${NUMBER}, please`,
    `"${NUMBER}"`,
    'https://crm.example.org/?n=%2B358401234567&x=1',
    `${NUMBER},${NUMBER}`,
    'at home 0401234567.',
  ])('is found and replaced in %s', (text) => {
    expect(person().areIn(text)).toBe(true);
    expect(person().without(text)).not.toMatch(/1234567|123 4567/u);
    expect(person().without(text)).toContain('erased-');
    expect(person().areIn(person().without(text))).toBe(false);
  });

  it.each(['+3584012345678', '1358401234567', '+358401234568', '4012345670', 'x358401234567', 'lead-0401234567ab'])(
    'is not found in %s',
    (text) => expect(person().without(text)).toBe(text),
  );

  it('has one name for each spelling, so that callers who are counted by their numbers are as many as before', () => {
    const names = person().spellings.map(({ alias }) => alias);
    expect(new Set(names).size).toBe(names.length);
    expect(person().without(NUMBER)).toBe(aliasOf(SALT, NUMBER));
    expect(aliasOf('another secret', NUMBER)).not.toBe(aliasOf(SALT, NUMBER));
  });

  it('may be an id of the customer', () => {
    const known = person([], ['C-77.1']);
    expect(known.without('of C-77.1 and XC-77.1 and C-77.12')).toBe(
      `of ${aliasOf(SALT, 'C-77.1')} and XC-77.1 and C-77.12`,
    );
    expect(person([], ['77']).without('77 percent')).toBe('77 percent');
  });

  it('leaves no number in whatever text stands around it', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom(NUMBER, '040 123 4567', '00358-401234567'),
        (a, b, number) => {
          const text = `${a} ${number} ${b}`;
          expect(person().areIn(person().without(text))).toBe(false);
        },
      ),
    );
  });
});

const event = (type: FactType, data: object, subject = 'call/c-1') =>
  JSON.stringify({ type, data, subject, seq: 3, at: 1_790_000_000_000 });
const own = new Set(['c-1', 'lead-1']);
const dataOf = (text: string) => parseEvent(text)?.data;

describe('an event of a person', () => {
  it('loses what he said and keeps what is counted', () => {
    const survey = { flow: 'f', node: 'n', question: 'why' };
    const said = event('survey.answered', { ...survey, answer: 'Matti was rude' });
    expect(dataOf(textWithoutPerson(said, person(), own))).toEqual({ ...survey, answer: '(erased)' });
    const score = event('survey.answered', { ...survey, answer: 4 });
    expect(textWithoutPerson(score, person(), own)).toBe(score);
    const keyed = event('flow.input.received', { flow: 'f', node: 'n', digits: '1234' });
    expect(dataOf(textWithoutPerson(keyed, person(), own))).toEqual({ flow: 'f', node: 'n', digits: '****' });
  });

  it('is left alone when it is of somebody else', () => {
    const keyed = event('flow.input.received', { flow: 'f', node: 'n', digits: '1234' }, 'call/c-2');
    expect(textWithoutPerson(keyed, person(), own)).toBe(keyed);
  });

  it('loses the number wherever it stands, also in the events of others', () => {
    const other = event('call.transferred', { to: NUMBER, outcome: 'ok' }, 'call/c-2');
    expect(dataOf(textWithoutPerson(other, person(), own))).toEqual({ to: aliasOf(SALT, NUMBER), outcome: 'ok' });
  });

  it('loses the words of a call that was refused, when they name the number', () => {
    const asked = {
      campaignId: 'k',
      by: 'crm',
      reason: 'Reminder for Matti',
      reference: 'x',
      rule: 'hours',
      until: null,
    };
    const refused = (reference: string) => event('campaign.call.refused', { ...asked, reference }, 'campaign/k');
    expect(textWithoutPerson(refused('x'), person(), own)).toBe(refused('x'));
    const after = textWithoutPerson(refused(`to ${NUMBER}`), person(), own);
    expect(dataOf(after)).toEqual({ ...asked, reason: '(erased)', reference: '(erased)' });
  });

  it('tells which calls and leads are his, also after an erasure that did not come to its end', () => {
    const arrived = { direction: 'inbound', ani: NUMBER, dnis: '100', source: 'public', legId: 'l' };
    expect(shownBy(event('call.arrived', arrived), person())).toEqual({ calls: ['c-1'], ids: ['c-1'] });
    const after = { ...arrived, ani: aliasOf(SALT, NUMBER) };
    expect(shownBy(event('call.arrived', after), person())?.ids).toEqual(['c-1']);
    expect(shownBy(event('call.arrived', { ...arrived, ani: '+358409999999' }), person())).toBeNull();
    expect(shownBy(event('call.transferred', { to: NUMBER, outcome: 'ok' }), person())).toBeNull();
  });

  it('is an event that is understood, whatever its type', () => {
    const samples: [FactType, object][] = [
      [
        'attempt.started',
        {
          campaignId: 'c',
          leadId: 'lead-1',
          attemptId: 'a',
          number: NUMBER,
          trunk: 't',
          lead: { externalId: 'x', name: 'Matti', fields: { a: 'b' } },
        },
      ],
      [
        'campaign.preview.offered',
        {
          campaignId: 'c',
          leadId: 'lead-1',
          agentId: 'a',
          callId: 'c-1',
          number: NUMBER,
          fields: { a: 'b' },
          callbackAt: null,
          until: 1,
          atEnd: 'dial',
        },
      ],
      [
        'campaign.preview.ended',
        {
          campaignId: 'c',
          leadId: 'lead-1',
          agentId: 'a',
          callId: 'c-1',
          how: 'skipped',
          why: 'Matti is ill',
          readMs: 1,
        },
      ],
      [
        'call.disposed',
        { callId: 'c-1', agentId: 'a', queue: null, disposition: 'x', values: { note: 'Matti', sum: 5 } },
      ],
      ['flow.asked', { flow: 'f', node: 'n', askId: 'a', question: 'q', data: { name: 'Matti' }, deadlineAt: 1 }],
      ['flow.emitted', { flow: 'f', node: 'n', event: 'e', data: { name: 'Matti', amount: 5, currency: 'Matti' } }],
    ];
    for (const [type, data] of samples) {
      const after = textWithoutPerson(event(type, data), person(), own);
      expect(parseEvent(after), type).not.toBeNull();
      expect(after, type).not.toMatch(/Matti|1234567/u);
    }
  });
});

/** Fields that hold what the house calls its things, ids that it makes, or words of its own, whatever the event. */
const HOUSE_FIELDS = new Set([
  'alarmId',
  'threshold',
  'title',
  'figure',
  'words',
  'webhookId',
  'erasureId',
  'action',
  'agentId',
  'agentIds',
  'askId',
  'attemptId',
  'box',
  'by',
  'callId',
  'callbackId',
  'callerId',
  'campaignId',
  'disposition',
  'entryId',
  'event',
  'fileHash',
  'flow',
  'followUpId',
  'guest',
  'key',
  'kind',
  'language',
  'leadId',
  'legId',
  'listId',
  'messageId',
  'mode',
  'node',
  'outcome',
  'owner',
  'payment',
  'phase',
  'preferred',
  'previous',
  'profile',
  'prompt',
  'question',
  'queue',
  'queues',
  'recordingId',
  'relax',
  'release',
  'require',
  'results',
  'rule',
  'running',
  'sha256',
  'slot',
  'source',
  'status',
  'strategy',
  'toCampaignId',
  'toLeadId',
  'trunk',
  'version',
  'versionId',
]);
/** The same where fields of that name may be personal elsewhere. */
const HOUSE_FIELDS_OF = new Set([
  'threshold.raised name',
  'threshold.reminded name',
  'threshold.cleared name',
  'webhook.failing why',
  'webhook.off why',
  'group.dead-letter group',
  'group.dead-letter first',

  'flows.behind why',
  'leg.rerouted to',
  'leg.rerouted from',
  'call.rejected reason',
  'call.assigned through',
  'call.assigned lost',
  'call.assigned behind',
  'call.transferred from',
  'call.taken-over from',
  'call.moved from',
  'call.moved to',
  'callback.failed why',
  'followup.call.tried why',
  'flow.finished reason',
  'agent.seated at',
  'agent.line.ended at',
  'agent.line.refused at',
  'flows.refused first',
  'queue.overflowing to',
  'campaign.changed changes',
  'campaign.paced because',
  'attempt.apologised message',
  'trunk.down said',
  'dnc.list.created name',
  'dnc.list.removed name',
  'dnc.imported fileName',
  'followup.assigned from',
  'followup.escalated from',
  'switch.disconnected reason',
]);
/** Fields that may hold a number, which is looked for in every text, and nothing else that is personal. */
const NUMBER_FIELDS = new Set([
  'call.arrived ani',
  'call.arrived dnis',
  'call.arrived source',
  'call.tagged tags',
  'call.transferred to',
  'call.consulted to',
  'call.conferenced to',
  'transfer.refused to',
  'callback.requested number',
  'campaign.preview.offered number',
  'attempt.started number',
  'followup.created ani',
]);

interface Shape {
  readonly type?: string;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly properties?: Record<string, Shape>;
  readonly anyOf?: Shape[];
  readonly items?: Shape;
  readonly additionalProperties?: Shape | boolean;
}

const mayHoldText = (shape: Shape): boolean =>
  (shape.type === 'string' && shape.enum === undefined && shape.const === undefined) ||
  (shape.type === undefined && !shape.anyOf && shape.enum === undefined && shape.const === undefined) ||
  (shape.anyOf ?? []).some(mayHoldText) ||
  (shape.items !== undefined && mayHoldText(shape.items)) ||
  (typeof shape.additionalProperties === 'object' && mayHoldText(shape.additionalProperties)) ||
  Object.values(shape.properties ?? {}).some(mayHoldText);

describe('the catalogue', () => {
  const page = readFileSync(new URL('../../../docs/erase.md', import.meta.url), 'utf8');
  const types = Object.keys(JOURNAL) as FactType[];

  it('has no field with text of which nobody has said whether it is personal', () => {
    const unknown = types.flatMap((type) => {
      const { properties = {} } = z.toJSONSchema(JOURNAL[type], { io: 'output', unrepresentable: 'any' }) as Shape;
      return Object.entries(properties)
        .filter(([name, shape]) => mayHoldText(shape) && !PERSONAL_FIELDS[type]?.[name])
        .filter(([name]) => !HOUSE_FIELDS.has(name))
        .filter(([name]) => !HOUSE_FIELDS_OF.has(`${type} ${name}`) && !NUMBER_FIELDS.has(`${type} ${name}`))
        .map(([name]) => `${type} ${name}`);
    });
    expect(unknown, 'add each to PERSONAL_FIELDS (src/engine/erase-facts.ts), or here where it is nobody’s').toEqual(
      [],
    );
  });

  it('has the personal fields that are erased, and the page names them', () => {
    for (const [type, fields] of Object.entries(PERSONAL_FIELDS)) {
      const shape = z.toJSONSchema(JOURNAL[type as FactType], { unrepresentable: 'any' }) as Shape;
      for (const name of Object.keys(fields)) {
        expect(shape.properties, type).toHaveProperty([name]);
        expect(page).toContain(`\`${type}\``);
      }
    }
  });
});
