import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leadReader, missingColumns } from '../../../src/dialer/lead-map.ts';
import { leadFilter } from '../../../src/engine/lead-filter.ts';
import { readTable } from '../../../src/engine/csv-table.ts';
import { callbackBody, importQuery, leadBody, listBody } from '../../../src/http/schemas/leads.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/leads.md'), 'utf8');
const block = (kind: string) => new RegExp(`\`\`\`${kind}\\n([^\`]*)\`\`\``).exec(page)?.[1] ?? '';

it('docs/leads.md shows a map and a list that do what it says', async () => {
  const { map } = importQuery.parse({ map: block('json map') });
  if (!map) throw new Error('the page shows no map');
  const csv = (async function* () {
    yield Buffer.from(block('csv leads'));
  })();
  const table = await readTable(csv, (headers) => missingColumns(headers, map)[0]);
  if (!table.ok) throw new Error(table.sentence);
  const read = leadReader(table.headers, map, 'FI');
  const found: unknown[] = [];
  for await (const row of table.rows) {
    const reading = row.ok ? read(row.record) : row;
    found.push(reading.ok ? [row.line, reading.lead.numbers?.length ?? 1, reading.lead.fields] : row.line);
  }
  expect(found).toEqual([[2, 2, { city: 'Turku' }], [3, 1, { city: 'Mariehamn' }], 4]);
});

it('docs/leads.md shows bodies that are taken', () => {
  const bodies = [...page.matchAll(/PUT \$API(\S+) -d '([^']+)'/g)];
  expect(bodies).toHaveLength(4);
  for (const [, path = '', json = ''] of bodies) {
    const schema = path.endsWith('/callback') ? callbackBody : path.includes('/lists/') ? listBody : leadBody;
    const body = schema.parse(JSON.parse(json));
    if ('filter' in body && body.filter) expect(leadFilter(body.filter)).toMatchObject({ ok: true });
  }
  expect(() => listBody.parse({ quotas: [{ outcome: 'connected', field: 'city', most: 50 }] })).not.toThrow();
});
