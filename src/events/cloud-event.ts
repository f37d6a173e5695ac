import type { FactType, JournalEvent } from '../call/journal.ts';

/**
 * A journal event in its CloudEvents 1.0 envelope, JSON format (CloudEvents 1.0.2 §3). `source` and `id` together are
 * unique; an event delivered twice carries the same id. `sequence` is the Sequence extension: compared as text, it gives
 * the order of the events of one subject. The sequence of a call counts from 1 without gaps; others rise but may leap.
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: CloudEventType;
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly sequence: string;
  readonly data: JournalEvent['data'];
}

/** The version rises when a type's meaning changes; fields may be added within a version. */
export type CloudEventType = `callwright.${FactType}.v1`;

/** Digits of the largest safe integer, so that text order is number order. */
const SEQUENCE_DIGITS = 16;

export const cloudEventType = (type: FactType): CloudEventType => `callwright.${type}.v1`;

/** `source` is a URI reference that names the installation, e.g. `/callwright`. */
export function toCloudEvent(event: JournalEvent, source: string): CloudEvent {
  return {
    specversion: '1.0',
    id: `${event.subject}:${event.seq}`,
    source,
    type: cloudEventType(event.type),
    subject: event.subject,
    time: new Date(event.at).toISOString(),
    datacontenttype: 'application/json',
    sequence: String(event.seq).padStart(SEQUENCE_DIGITS, '0'),
    data: event.data,
  };
}
