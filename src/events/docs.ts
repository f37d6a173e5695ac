import { z } from 'zod';
import { type FactType, JOURNAL } from '../call/journal.ts';
import { CATALOGUE, FACT_TYPES } from './catalogue.ts';
import { cloudEventType } from './cloud-event.ts';

/** The parts of JSON Schema that the journal's schemas use. */
interface Shape {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
}

const INTRODUCTION = `# Events

Made from \`src/events/catalogue.ts\` and \`src/call/journal.ts\` by \`node src/events/docs.ts > docs/events.md\`; a test holds them together.

Every step of every call is an event. Read them over SSE at \`/v1/events/stream\` (resume with \`Last-Event-ID\`) or page by page at
\`/v1/events\`. \`/asyncapi.json\` describes them for programs (AsyncAPI 3.0). Each comes in a [CloudEvents 1.0](https://cloudevents.io) envelope:

| attribute | meaning |
|---|---|
| \`id\` | \`<subject>:<number>\`. An event may be delivered twice, and then has the same id: drop the second. |
| \`source\` | The installation that wrote it. |
| \`type\` | \`callwright.<event>.v1\`. The version rises when the meaning changes; fields may be added within a version. |
| \`subject\` | \`call/<id>\`, \`agent/<id>\`, \`campaign/<id>\`, \`queue/<name>\`, \`voicemail/<id>\`, \`recording/<id>\`, \`followup/<id>\`, \`threshold/<name>\`, \`webhook/<id>\`, \`group/<name>\`, \`switch/<node>\` or \`flows\`: whom the number counts for. |
| \`time\` | When it happened, RFC 3339, UTC. |
| \`sequence\` | The number, with leading zeros. Those of a call count from 1 without gaps; others rise and may leap. |
| \`data\` | The fields below. Times that end in \`Ms\` are milliseconds. |

They are kept for 90 days (\`CALLWRIGHT_JOURNAL_DAYS\`), the last hour in Redis and all in the database, and can be read from any cursor
in that time.

Filters (\`types=\`) take the short names below. The last column of this table is what Asterisk's \`queue_log\` calls the same thing,
and how a [file of such lines](queue-log.md) has it.

`;

/** The page `docs/events.md`, whole. */
export function renderEventsPage(): string {
  const index = FACT_TYPES.map(
    (type) => `| [\`${type}\`](#${anchor(type)}) | ${CATALOGUE[type].title} | ${queueLog(type)} |`,
  );
  const table = ['| event | title | queue_log |', '|---|---|---|', ...index].join('\n');
  return `${INTRODUCTION}${table}\n\n${FACT_TYPES.map(section).join('\n')}`;
}

const anchor = (type: FactType) => type.replaceAll('.', '');

function queueLog(type: FactType): string {
  const names = CATALOGUE[type].queueLog?.split(', ') ?? [];
  return names.map((name) => `\`${name}\``).join(', ');
}

function section(type: FactType): string {
  const shape = z.toJSONSchema(JOURNAL[type], { io: 'output' }) as Shape;
  const rows = Object.entries(shape.properties ?? {}).map(([name, field]) => `| \`${name}\` | ${typeName(field)} |`);
  const fields = ['| field | type |', '|---|---|', ...rows].join('\n');
  return `## ${type}\n\n${CATALOGUE[type].description}\n\nType \`${cloudEventType(type)}\`.\n\n${fields}\n`;
}

function typeName(shape: Shape): string {
  if (shape.anyOf) return shape.anyOf.map(typeName).join(' or ');
  if (shape.enum) return shape.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (shape.type === 'array') return `list of ${typeName(shape.items ?? {})}`;
  if (shape.type === 'object') {
    return `{ ${Object.entries(shape.properties ?? {})
      .map(([name, field]) => `${name}: ${typeName(field)}`)
      .join(', ')} }`;
  }
  const name = [shape.type ?? 'any'].flat().join(' or ');
  return shape.minimum === 0 ? `${name}, 0 or more` : name;
}

if (import.meta.main) process.stdout.write(renderEventsPage());
