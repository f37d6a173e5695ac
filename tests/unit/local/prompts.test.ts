import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePrompts } from '../../../src/local/prompts.ts';

/** Stand-ins that write down what they were asked: what is spoken is theirs, what is asked for is ours. */
const ESPEAK = `const a = process.argv.slice(1); require('fs').writeFileSync(a[a.indexOf('-w') + 1], a[a.indexOf('-v') + 1] + ':' + a.at(-1))`;
const SOX = `const fs = require('fs'), a = process.argv.slice(1), n = a.indexOf('-r');
const joined = a.slice(0, n).map((f) => fs.readFileSync(f, 'utf8')).join('|');
if (joined.includes('unspeakable')) { console.error('cannot'); process.exit(2); }
fs.writeFileSync(a.slice(n).find((word) => word.endsWith('.wav')), joined)`;
const stand = (script: string) => ({ program: process.execPath, args: ['-e', script, '--'] });

let folder: string;
const words = (text: string) => writeFile(join(folder, 'sounds/en/prompts.yaml'), text);
const audio = (path: string) => readFile(join(folder, 'out', `${path}.wav`), 'utf8');
const make = () =>
  makePrompts({
    espeak: stand(ESPEAK),
    sox: stand(SOX),
    soundsDir: join(folder, 'sounds'),
    outDir: join(folder, 'out'),
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompts-'));
  await mkdir(join(folder, 'sounds/en'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

describe('makePrompts', () => {
  it('speaks each prompt, its parts each in their own voice', async () => {
    await words('hello: "-v x; $(id)"\nchoice:\n  - fi: yksi\n  - sv: två\n');
    expect(await make()).toEqual({ made: 2, kept: 0 });
    expect(await audio('en/hello')).toBe('en-us:-v x; $(id)');
    expect(await audio('en/choice')).toBe('fi:yksi|sv:två');
    expect((await readdir(join(folder, 'out'))).sort((a, b) => a.localeCompare(b))).toEqual(['en', 'made.json']);
  });

  it('makes anew only what changed, and takes away what has no words', async () => {
    await words('a: one\nb: two\nc: three\n');
    await make();
    await words('a: one\nb: other\n');
    expect(await make()).toEqual({ made: 1, kept: 1 });
    expect(await audio('en/b')).toBe('en-us:other');
    await expect(audio('en/c')).rejects.toThrow(/ENOENT/);
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
    await writeFile(join(folder, 'sounds/en/a.wav'), 'a person');
    expect(await make()).toEqual({ made: 1, kept: 0 });
    expect(await audio('en/a')).toBe('a person');
    await rm(join(folder, 'sounds/en/a.wav'));
    await make();
    expect(await audio('en/a')).toBe('en-us:one');
  });

  it('says which prompt could not be spoken, and why', async () => {
    await words('a: unspeakable\n');
    await expect(make()).rejects.toThrow(/en\/a could not be spoken \(cannot\)/);
  });

  it.each(['../../x: evil\n', 'a: 3\n', '- a\n', 'A B: x\n'])('refuses the list %j', async (text) => {
    await words(text);
    await expect(make()).rejects.toThrow(/prompts\.yaml is not a list of prompts/);
  });
});
