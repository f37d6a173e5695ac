import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePrompts, type PromptOptions } from '../../../src/local/prompts.ts';
import { wavFault } from '../../../src/local/wav.ts';

/** Stand-ins whose sound can be read: each letter is a sample, so that a test sees who said what and how long nobody did. */
const ESPEAK = `const fs = require('fs'), a = process.argv.slice(1), of = (key) => a[a.indexOf(key) + 1];
const text = fs.readFileSync(of('-f'), 'utf8');
if (text.includes('unspeakable')) { console.error('cannot'); process.exit(2); }
fs.writeFileSync(of('-w'), text.split('\\n').slice(0, -1).map((line) => of('-v') + ':' + line).join('\\n'));
fs.appendFileSync(of('-f').replace(/\\.fresh-.*/, 'asked'), '.');`;
const SOX = `const fs = require('fs'), a = process.argv.slice(1);
if (a[0] !== '-D') { fs.copyFileSync(a[0], a.at(-1)); process.exit(); }
const letters = (words) => words.endsWith(':silence') ? [] : Array.from(words, (letter) => 1000 + letter.charCodeAt(0));
const lines = fs.readFileSync(a[1], 'utf8').split('\\n').map((line) => line.split('<break'));
const sound = lines.flatMap(([words]) => [...letters(words), ...Array(9600).fill(0)]);
fs.writeFileSync(a.find((word) => word.endsWith('.raw')), Int16Array.from(sound));`;
const stand = (script: string) => ({ program: process.execPath, args: ['-e', script, '--'] });

let folder: string;
const put = (path: string, text: string) => writeFile(join(folder, 'sounds', path), text);
const words = (text: string) => put('en/prompts.yaml', text);
const file = (path: string) => readFile(join(folder, 'out', `${path}.wav`));
const make = (more: Partial<PromptOptions> = {}) =>
  makePrompts({
    espeak: stand(ESPEAK),
    sox: stand(SOX),
    soundsDir: join(folder, 'sounds'),
    outDir: join(folder, 'out'),
    ...more,
  });

/** What is said, with `|` for silence in between. */
async function heard(path: string): Promise<string> {
  const sound = await file(path);
  expect(wavFault(sound)).toBeNull();
  const samples = new Int16Array(new Uint8Array(sound.subarray(44)).buffer);
  const letters = Array.from(samples, (sample) => (sample === 0 ? ' ' : String.fromCharCode(sample - 1000)));
  return letters
    .join('')
    .trim()
    .replace(/ {80,}/g, '|');
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompts-'));
  await mkdir(join(folder, 'sounds/en'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

describe('makePrompts', () => {
  it('speaks each prompt, its parts each in their own voice', async () => {
    await words('hello: "-v x; $(id)"\nchoice:\n  - fi: yksi\n  - zh: er\n');
    expect(await make()).toEqual({ made: 2, kept: 0 });
    expect(await heard('en/hello')).toBe('en-us:-v x; $(id)');
    expect(await heard('en/choice')).toBe('fi:yksi|cmn:er');
    expect(new Set(await readdir(join(folder, 'out')))).toEqual(new Set(['en', 'made.json', 'asked']));
  });

  it('takes words for words, never for markup', async () => {
    await words('a: "<audio src=\'/etc/passwd\'/> &\n  co"\n');
    await make();
    expect(await heard('en/a')).toBe("en-us:&lt;audio src='/etc/passwd'/&gt; &amp; co");
  });

  it('makes anew only what changed, and takes away what has no words', async () => {
    await words('a: one\nb: two\nc: three\n');
    await make();
    await words('a: one\nb: other\n');
    expect(await make()).toEqual({ made: 1, kept: 1 });
    expect(await heard('en/b')).toBe('en-us:other');
    await expect(file('en/c')).rejects.toThrow(/ENOENT/);
  });

  it('makes again what is lost', async () => {
    await words('a: one\n');
    await make();
    await rm(join(folder, 'out/en/a.wav'));
    expect(await make()).toEqual({ made: 1, kept: 0 });
  });

  it('takes a recording before the words', async () => {
    await words('a: one\n');
    await make();
    await put('en/a.wav', 'a person');
    expect(await make()).toEqual({ made: 1, kept: 0 });
    expect((await file('en/a')).toString()).toBe('a person');
    await rm(join(folder, 'sounds/en/a.wav'));
    await make();
    expect(await heard('en/a')).toBe('en-us:one');
  });

  it('makes the pieces of numbers too, with next to no silence around them', async () => {
    await words('a: one\n');
    await put('en/say.yaml', 'say.n.1: one\n');
    expect(await make()).toEqual({ made: 2, kept: 0 });
    const bytes = (samples: number) => 44 + 2 * samples;
    expect((await file('en/say.n.1')).length).toBe(bytes('en-us:one'.length + 20 * 8));
    expect((await file('en/a')).length).toBe(bytes('en-us:one'.length + 230 * 8));
  });

  it('makes the words of flows, which a recording overrides as well', async () => {
    const extra = [
      { path: 'fi/main.ask', language: 'fi', words: 'kysymys' },
      { path: 'en/main.ask', language: 'en', words: 'question' },
    ];
    await put('en/main.ask.wav', 'a person');
    expect(await make({ extra })).toEqual({ made: 2, kept: 0 });
    expect(await heard('fi/main.ask')).toBe('fi:kysymys');
    expect((await file('en/main.ask')).toString()).toBe('a person');
    expect(await make({ extra })).toEqual({ made: 0, kept: 2 });
    await expect(make({ extra: [{ path: 'en/../../x', language: 'en', words: 'evil' }] })).rejects.toThrow();
  });

  it('speaks many at once, and tells how far it is', async () => {
    const names = Array.from({ length: 120 }, (_, i) => `n${i}`);
    await words(names.map((name) => `${name}: words ${name}\n`).join(''));
    const told: (number | undefined)[] = [];
    expect(await make({ progress: ({ done }) => told.push(done) })).toEqual({ made: 120, kept: 0 });
    for (const name of names) expect(await heard(`en/${name}`)).toBe(`en-us:words ${name}`);
    expect(told.at(-1)).toBe(120);
    expect((await readFile(join(folder, 'out/asked'), 'utf8')).length).toBe(3);
  });
});

describe('what cannot be spoken', () => {
  it.each([
    ['unspeakable', 'cannot'],
    ['silence', 'there was nothing to hear'],
  ])('is named among the others: %s', async (text, why) => {
    await words(`a: one\nb: two\nc: ${text}\nd: four\n`);
    await expect(make()).rejects.toThrow(`The prompt en/c could not be spoken (${why})`);
    expect(await readdir(join(folder, 'out'))).not.toContainEqual(expect.stringMatching(/^\.fresh/));
  });

  it('stops the rest', async () => {
    await words(Array.from({ length: 400 }, (_, i) => `n${i}: ${i === 0 ? 'unspeakable' : 'one'}\n`).join(''));
    const told: number[] = [];
    await expect(make({ progress: ({ done = 0 }) => told.push(done) })).rejects.toThrow('en/n0');
    expect(told.at(-1) ?? 0).toBeLessThan(400);
  });

  it('gives up when asked to', async () => {
    await words('a: one\n');
    await expect(make({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });

  it.each(['../../x: evil\n', 'a: 3\n', '- a\n', 'A B: x\n'])('is no list: %j', async (text) => {
    await words(text);
    await expect(make()).rejects.toThrow(/prompts\.yaml is not a list of prompts/);
  });
});
