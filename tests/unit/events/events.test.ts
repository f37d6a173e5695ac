import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JOURNAL, type JournalEvent } from '../../../src/call/journal.ts';
import { CATALOGUE, FACT_TYPES } from '../../../src/events/catalogue.ts';
import { toCloudEvent } from '../../../src/events/cloud-event.ts';
import { renderEventsPage } from '../../../src/events/docs.ts';

const root = new URL('../../../', import.meta.url);

describe('the catalogue', () => {
  it('names exactly the events of the journal', () => {
    expect([...FACT_TYPES].sort()).toEqual(Object.keys(JOURNAL).sort());
  });

  it('says of each in one sentence or more what it means', () => {
    for (const type of FACT_TYPES) {
      expect(CATALOGUE[type].title, type).toMatch(/^[A-Z]/u);
      expect(CATALOGUE[type].description, type).toMatch(/^[A-Z].{20,}[.]$/u);
    }
  });

  it('is what docs/events.md shows (else: node src/events/docs.ts > docs/events.md)', () => {
    expect(readFileSync(new URL('docs/events.md', root), 'utf8')).toBe(renderEventsPage());
  });

  it('shows every field of every event in its docs', () => {
    const page = renderEventsPage();
    for (const type of FACT_TYPES) {
      const section = page.split(`## ${type}\n`)[1]?.split('\n## ')[0] ?? '';
      for (const field of Object.keys(JOURNAL[type].shape)) expect(section, type).toContain(`| \`${field}\` |`);
      expect(section).not.toMatch(/any,? *\|/u);
    }
  });
});

describe('the CloudEvents envelope', () => {
  const event: JournalEvent = {
    type: 'call.answered',
    data: { legId: 'leg-1' },
    subject: 'call/c1',
    seq: 7,
    at: Date.UTC(2026, 10, 22, 1, 2, 3, 4),
  };

  it('carries the required attributes of CloudEvents 1.0 and the sequence', () => {
    expect(toCloudEvent(event, '/callwright')).toEqual({
      specversion: '1.0',
      id: 'call/c1:7',
      source: '/callwright',
      type: 'callwright.call.answered.v1',
      subject: 'call/c1',
      time: '2026-11-22T01:02:03.004Z',
      datacontenttype: 'application/json',
      sequence: '0000000000000007',
      data: { legId: 'leg-1' },
    });
  });

  it('orders sequences as text just as it does as numbers', () => {
    const sequences = [1, 9, 10, 1_763_773_323_004, Number.MAX_SAFE_INTEGER].map(
      (seq) => toCloudEvent({ ...event, seq }, '/callwright').sequence,
    );
    expect([...sequences].sort()).toEqual(sequences);
  });
});
