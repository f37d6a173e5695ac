import { z } from 'zod';
import { type FactType, JOURNAL } from '../call/journal.ts';
import { CATALOGUE, FACT_TYPES } from './catalogue.ts';
import { cloudEventType } from './cloud-event.ts';

type Json = { readonly [name: string]: unknown };

const DESCRIPTION = `Everything that happens in Callwright, as CloudEvents 1.0 in JSON. An event may come twice and then has the same
\`id\`. The \`sequence\` of a call counts from 1 without gaps; that of other subjects rises and may leap.`;

/** The envelope's attributes (CloudEvents 1.0.2 §3.1, Sequence extension) as they are in every message. */
const ENVELOPE: Json = {
  specversion: { const: '1.0' },
  id: { type: 'string', description: '`<subject>:<number>`; an event that is delivered twice has it twice.' },
  source: { type: 'string', format: 'uri-reference', description: 'The installation that wrote it.' },
  subject: { type: 'string', description: 'Whom the sequence counts for, such as `call/<id>`.' },
  time: { type: 'string', format: 'date-time', description: 'When it happened, UTC.' },
  datacontenttype: { const: 'application/json' },
  sequence: { type: 'string', pattern: '^[0-9]{16}$', description: 'In text order, the order of the subject.' },
};

/** Every event as an AsyncAPI 3.0 document, made from the very schemas by which events are written. */
export function asyncApi(version: string): Json {
  const channels = { events: channel('/v1/events/stream', 'Events as they happen, as server-sent events.') };
  return {
    asyncapi: '3.0.0',
    info: { title: 'Callwright events', version, description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels,
    operations: Object.fromEntries(Object.keys(channels).map((name) => [name, sends(name)])),
    components: {
      messages: Object.fromEntries(FACT_TYPES.map((type) => [type, message(type)])),
      schemas: Object.fromEntries(FACT_TYPES.map((type) => [type, dataOf(type)])),
    },
  };
}

const channel = (address: string, description: string): Json => ({
  address,
  description,
  messages: Object.fromEntries(FACT_TYPES.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
});

const sends = (name: string): Json => ({ action: 'send', channel: { $ref: `#/channels/${name}` } });

function message(type: FactType): Json {
  const { title, description } = CATALOGUE[type];
  return {
    name: cloudEventType(type),
    title,
    summary: description,
    contentType: 'application/cloudevents+json',
    payload: {
      type: 'object',
      required: [...Object.keys(ENVELOPE), 'type', 'data'],
      properties: {
        ...ENVELOPE,
        type: { const: cloudEventType(type) },
        data: { $ref: `#/components/schemas/${type}` },
      },
    },
  };
}

function dataOf(type: FactType): Json {
  const { $schema: _, ...shape } = z.toJSONSchema(JOURNAL[type], { io: 'output', target: 'draft-7' });
  // Fields may be added within a version: who checks what he gets must not be stopped by one.
  return open(shape) as Json;
}

function open(shape: unknown): unknown {
  if (Array.isArray(shape)) return shape.map(open);
  if (typeof shape !== 'object' || shape === null) return shape;
  const entries = Object.entries(shape).filter(
    ([name, value]) => !(name === 'additionalProperties' && value === false),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, open(value)]));
}
