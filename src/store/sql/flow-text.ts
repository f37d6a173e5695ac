import { createHash } from 'node:crypto';

const LONGEST_KEY = 200;
const HASHED = '#';

/**
 * A string as it stands in an index: itself, or its SHA-256 where the index or UTF-8 cannot hold it (too long, U+0000, half a
 * surrogate pair). Callers send what they like, and two different ones must never share a row.
 */
export function keyOf(text: string): string {
  const plain = text.length <= LONGEST_KEY && text.isWellFormed() && !text.includes('\0') && !text.startsWith(HASHED);
  return plain ? text : HASHED + createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex');
}

/** A row whose texts Postgres takes: it knows every character but U+0000. */
export const storable = <Row extends object>(row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, clean(value)])) as Row;

const clean = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value);
