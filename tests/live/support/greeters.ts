import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { speak } from '../../../src/local/prompt-speech.ts';
import { speechPrograms } from '../../../src/local/prompts.ts';
import { SAMPLE_RATE, wavOf } from '../../../src/local/wav.ts';
import { mulberry32 } from '../../support/chance.ts';

/** Whom a number is answered by in the live test of detections: a person or a machine, with a spoken greeting. */
export interface Greeter {
  readonly number: string;
  readonly who: 'human' | 'machine';
  readonly said: string;
  /** How long the greeting is from its first sound on; a machine's beep is the last of it. */
  readonly greetsMs: number;
}

const PERSONS: readonly (readonly [language: string, said: string])[] = [
  ['en', 'Hello?'],
  ['en', 'Yes?'],
  ['en', 'Hello, this is Anna.'],
  ['en', 'Smith speaking.'],
  ['en', 'Hi. Who is it?'],
  ['en', 'Good morning, Smith and Sons, how can I help you?'],
  ['sv', 'Hallå?'],
  ['sv', 'Det är Anna.'],
  ['fi', 'Virtanen puhelimessa.'],
  ['fi', 'Haloo?'],
  ['hu', 'Halló, tessék?'],
  ['pl', 'Słucham?'],
];
const MACHINES: readonly (readonly [language: string, ...phrases: readonly string[]])[] = [
  [
    'en',
    'You have reached Anna Smith.',
    'I cannot take your call right now.',
    'Please leave a message after the tone.',
  ],
  ['en', 'The person you are calling is not available.', 'Please record your message after the tone.'],
  ['en', 'Hi, this is Anna.', 'Leave me a message and I will call you back.'],
  ['en', 'Welcome to the voice mail of zero four zero, one two three, four five six.', 'Please leave a message.'],
  ['en', 'Sorry, we are closed for today. Our office is open from Monday to Friday, from nine to five.'],
  ['en', 'Hello. Thank you for calling Smith and Sons. Nobody can come to the phone.', 'Please call again later.'],
  ['sv', 'Du har kommit till Anna Svenssons telefonsvarare.', 'Lämna ett meddelande efter tonen.'],
  ['sv', 'Personen du söker kan inte svara just nu.', 'Tala efter tonen.'],
  ['fi', 'Tavoittelemanne henkilö ei ole juuri nyt tavoitettavissa.', 'Jättäkää viesti äänimerkin jälkeen.'],
  ['fi', 'Virtasen vastaaja, jätä viesti.'],
  ['hu', 'A hívott szám jelenleg nem elérhető.', 'Kérem, hagyjon üzenetet a sípszó után.'],
  ['pl', 'Dodzwoniłeś się do poczty głosowej.', 'Zostaw wiadomość po sygnale.'],
];

const quiet = (ms: number) => new Int16Array(Math.round((ms * SAMPLE_RATE) / 1_000));
const beep = (ms: number) =>
  quiet(ms).map((_, at) => Math.round(9_000 * Math.sin((2 * Math.PI * 1_000 * at) / SAMPLE_RATE)));
const lengthMs = (pieces: readonly Int16Array[]) =>
  pieces.reduce((sum, { length }) => sum + (length * 1_000) / SAMPLE_RATE, 0);

/**
 * Makes the sound of each greeting, twice with other pauses, and the dialplan of a network that answers with them. The seed is the
 * tests' own, so that every run hears the same.
 */
export async function greeters(
  root: string,
  folder: string,
): Promise<{ readonly people: readonly Greeter[]; readonly dialplan: string }> {
  const random = mulberry32(5);
  const between = (low: number, high: number) => low + (high - low) * random();
  mkdirSync(folder, { recursive: true });
  const speaker = { ...speechPrograms(root), scratch: join(folder, 'scratch') };
  const people: Greeter[] = [];
  const add = (who: Greeter['who'], said: string, pieces: readonly Int16Array[]) => {
    const number = String(5_000 + people.length);
    people.push({ number, who, said, greetsMs: lengthMs(pieces.slice(1)) });
    writeFileSync(join(folder, `${number}.wav`), wavOf(pieces));
  };
  for (const [language, said] of PERSONS) {
    const words = await speak(speaker, language, [said]);
    for (let turn = 0; turn < 2; turn++) add('human', said, [quiet(between(200, 1_200)), ...words]);
  }
  for (const [language, ...phrases] of MACHINES) {
    const words = await speak(speaker, language, phrases);
    for (let turn = 0; turn < 2; turn++) {
      const spoken = words.flatMap((one, nth) => [quiet(nth === 0 ? between(200, 1_200) : between(250, 600)), one]);
      add('machine', phrases.join(' '), [...spoken, quiet(between(300, 1_200)), beep(between(200, 800))]);
    }
  }
  const extension = ({ number }: Greeter) =>
    `exten => ${number},1,Answer()\n same => n,Playback(${join(folder, number)})\n same => n,Playback(silence/10&silence/10)\n same => n,Hangup()\n`;
  const dialplan = join(folder, 'greeters.conf');
  writeFileSync(dialplan, `[from-trunk]\n${people.map(extension).join('')}`);
  return { people, dialplan };
}
