import specification from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { FactType, JournalEvent } from '../../../src/call/journal.ts';
import { asyncApi } from '../../../src/events/asyncapi.ts';
import { FACT_TYPES } from '../../../src/events/catalogue.ts';
import { toCloudEvent } from '../../../src/events/cloud-event.ts';

const document = asyncApi('1.2.3') as {
  channels: Record<string, { messages: object }>;
  components: { messages: Record<string, { name: string; payload: object }>; schemas: object };
};
const standard = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(specification);

/** What a receiver does with the document: checks what came against the message of its type. */
function fits(type: FactType, event: unknown): boolean {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const { payload } = document.components.messages[type] ?? {};
  return ajv.validate({ ...payload, components: { schemas: document.components.schemas } }, event);
}

const answered: JournalEvent = {
  type: 'call.answered',
  data: { legId: 'leg-1' },
  subject: 'call/c1',
  seq: 7,
  at: Date.UTC(2026, 10, 22),
};

describe('the AsyncAPI document', () => {
  it('is one by the schema of AsyncAPI 3.0', () => {
    expect(standard(JSON.parse(JSON.stringify(document))), JSON.stringify(standard.errors?.slice(0, 3))).toBe(true);
  });

  it('is not one any more when a message leads nowhere', () => {
    expect(standard({ ...document, channels: { events: { address: 7 } } })).toBe(false);
  });

  it('has every event of the catalogue on each channel, and nothing else', () => {
    const types = [...FACT_TYPES].sort();
    expect(Object.keys(document.components.messages).sort()).toEqual(types);
    for (const { messages } of Object.values(document.channels)) expect(Object.keys(messages).sort()).toEqual(types);
  });

  it('describes events as they are sent, and no others', () => {
    const event = toCloudEvent(answered, '/callwright');
    expect(fits('call.answered', event)).toBe(true);
    expect(fits('call.answered', { ...event, data: { legId: 'leg-1', addedLater: 1 } })).toBe(true);
    expect(fits('call.answered', { ...event, data: {} })).toBe(false);
    expect(fits('call.answered', { ...event, sequence: '7' })).toBe(false);
    expect(fits('call.ended', event)).toBe(false);
  });
});
