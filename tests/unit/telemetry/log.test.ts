import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogBook } from '../../../src/telemetry/log.ts';

function logged(showPii: boolean, fields: Record<string, unknown>): Record<string, unknown> {
  const lines: string[] = [];
  const book = createLogBook({ level: 'info', showPii, destination: { write: (line) => lines.push(line) } });
  book.of('engine').info(fields, 'said');
  book.of('engine').debug({}, 'not said');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

describe('the log', () => {
  it('names component and level and keeps fields', () => {
    expect(logged(false, { callId: 'c1' })).toMatchObject({
      level: 'info',
      component: 'engine',
      callId: 'c1',
      msg: 'said',
    });
  });

  it('hides everything below pii unless asked', () => {
    const fields = { pii: { ani: '+358401234567', digits: { entered: '4929' } } };
    expect(logged(false, fields)['pii']).toEqual({ ani: '[hidden]', digits: '[hidden]' });
    expect(logged(true, fields)['pii']).toEqual(fields.pii);
  });

  it('strips control characters and direction marks from what people chose', () => {
    expect(logged(true, { pii: { callerName: 'Eve\u001b[31m\r\n\u202eroot\u0000\u009b' } })['pii']).toEqual({
      callerName: 'Eve[31mroot',
    });
  });

  it('tells of a fault its kind, sentence and code, and nothing that a driver hung onto it', () => {
    const cause = Object.assign(new Error('gone'), { command: { name: 'set', args: ['call:1', '{"pin":"8264"}'] } });
    const driver = Object.assign(new TypeError('not written', { cause }), {
      code: '23502',
      detail: 'Failing row contains (+358401234567).',
      parameters: ['8264'],
      command: { args: ['8264'] },
      errors: [cause],
    });
    const line = logged(false, { err: driver });
    expect(line['err']).toMatchObject({ type: 'TypeError', message: 'not written: gone', code: '23502' });
    expect(JSON.stringify(line)).not.toMatch(/8264|358401234567/u);
    expect(logged(false, { err: 'no Error at all' })['err']).toEqual({ message: 'no Error at all' });
  });

  it('writes the last line before the process exits, once flushed', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'callwright-log-')), 'a', 'log');
    const room = new URL('../../../src/telemetry/log.ts', import.meta.url).href;
    const script = `
      const { createLogBook } = await import(${JSON.stringify(room)});
      const book = createLogBook({ level: 'info', showPii: false, file: ${JSON.stringify(file)} });
      for (let n = 0; n < 1000; n += 1) book.of('x').info({ n }, 'line');
      book.of('x').error({ err: new Error('why') }, 'last');
      await book.flush();
      process.exit(1);`;
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' })).toThrow(
      /Command failed/u,
    );
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(1_001);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ msg: 'last', err: { message: 'why' } });
  });
});
