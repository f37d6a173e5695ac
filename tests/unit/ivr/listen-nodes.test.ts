import { describe, expect, it } from 'vitest';
import { Caller, flowOf, NOON } from './caller.ts';

const DAY_MS = 86_400_000;

const LANGUAGE = `
l:
  type: language
  options: { "1": fi, "2": sv, "3": en }
  skipIf: { remembered: true }
  optOut: "9"
  retries: { noInput: 0, invalid: 1 }
  next: hello
hello: { type: play, prompt: hello }`;
const LANGUAGES = 'languages: { default: en, supported: [fi, sv, en], remember: 90d }';
const language = (change: (nodes: string) => string = (nodes) => nodes, ani?: string | null) =>
  new Caller(flowOf(change(LANGUAGE), LANGUAGES), ani === undefined ? {} : { ani });

describe('language', () => {
  it('asks the house what it remembers, in less than two seconds, and goes on in that language', () => {
    const caller = language();
    expect(caller.at).toBe('l asking');
    expect(caller.command('request').request).toEqual({ kind: 'recall', what: 'language' });
    expect(caller.state.timers).toMatchObject({ filler: NOON + 1_000, deadline: NOON + 1_500 });
    expect(caller.answers('ok', 'sv').hears).toEqual(['sv/hello']);
  });

  it.each([
    ['nothing', 'none', null],
    ['a language that the flow does not have', 'ok', 'de'],
    ['no language at all', 'ok', { language: 'fi' }],
    ['not', 'error', null],
  ])('asks the caller when it remembers %s', (_, outcome, data) => {
    expect(language().answers(outcome, data).hears).toEqual(['en/language.choice']);
  });

  it('asks the caller when memory takes too long', () => {
    const caller = language();
    caller.waits();
    expect(caller.did).toEqual(['answer', 'music']);
    expect(caller.waits().hears).toEqual(['en/language.choice']);
  });

  it('remembers what was chosen', () => {
    const caller = language().answers('none').press('1');
    expect(caller.hears).toEqual(['fi/hello']);
    expect(caller.command('remember')).toEqual({
      type: 'remember',
      what: 'language',
      value: 'fi',
      until: NOON + 90 * DAY_MS,
    });
  });

  it('takes a key pressed while memory is asked', () => {
    expect(language().press('1').answers('none').hears).toEqual(['fi/hello']);
  });

  it('forgets who opts out, and remembers nothing of what he chooses then', () => {
    const caller = language().answers('none').press('9');
    expect(caller.command('remember')).toMatchObject({ what: 'language', value: null });
    expect(caller.hears).toEqual(['en/language.choice']);
    expect(caller.press('1').did).toEqual(['stop', 'language', 'play']);
    expect(caller.state.language).toBe('fi');
  });

  it('lets nobody opt out for ever', () => {
    const caller = language().answers('none');
    expect(caller.press('999').hears).toEqual(['en/hello']);
  });

  it('goes on in the default language after silence, or where the flow says', () => {
    const silent = language().answers('none').listens().waits();
    expect([silent.hears, silent.state.language]).toEqual([['en/hello'], 'en']);
    const led = language(
      (nodes) => `${nodes.replace('optOut', 'whenSilent: quiet\n  optOut')}\nquiet: { type: play, prompt: quiet }`,
    );
    expect(led.answers('none').listens().waits().hears).toEqual(['en/quiet']);
  });

  it.each([
    ['an opt-out that is an option', 'optOut: "9"', 'optOut: "1"', 'The key `1` chooses a language.'],
    ['a language that is not supported', '"1": fi', '"1": de', 'The flow does not support the language `de`.'],
    ['no option', '{ "1": fi, "2": sv, "3": en }', '{}', 'There is no language to choose.'],
  ])('refuses %s', (_, from, to, message) => {
    expect(() => language((nodes) => nodes.replace(from, to))).toThrow(message);
  });

  it('refuses to skip what is never remembered', () => {
    const forgetful = 'languages: { default: en, supported: [fi, sv, en] }';
    expect(() => flowOf(LANGUAGE, forgetful)).toThrow('The flow remembers no language.');
  });
});

const PIN = `
p:
  type: pin
  account: account
  digits: { min: 4, max: 6 }
  retries: { noInput: 0, invalid: 1 }
  outcomes: { ok: in, wrong: out, locked: locked, noInput: quiet, error: bad }
in: { type: play, prompt: in }
out: { type: play, prompt: out, next: p }
locked: { type: play, prompt: locked }
quiet: { type: play, prompt: quiet }
bad: { type: play, prompt: bad }`;
const pin = (account = '4711') =>
  new Caller(flowOf(PIN, `vars: { account: { type: string, default: "${account}", sensitive: true } }`));

describe('pin', () => {
  it('sends the digits to the check of that account, and to nothing else', () => {
    const caller = pin().press('1234#');
    expect(caller.command('request').request).toEqual({ kind: 'pin', account: '4711', pin: '1234' });
    expect(JSON.stringify(caller.state)).not.toContain('1234');
    expect(JSON.stringify(caller.seen)).not.toContain('1234');
    expect(caller.answers('ok').hears).toEqual(['en/in']);
    expect(caller.facts).toContain('pin.checked p ok');
  });

  it('says that it was wrong and asks again, three times in a call at whatever visit', () => {
    const caller = pin().press('1111#').answers('wrong');
    expect(caller.hears).toEqual(['en/pin.wrong', 'en/pin.ask']);
    caller.listens().waits().listens();
    expect(caller.facts).toContain('flow.node.left p noInput');
    const again = pin().press('1111#').answers('wrong').press('2222#').answers('wrong').press('3333#').answers('wrong');
    expect([again.hears, again.state.pinTries]).toEqual([['en/out'], 3]);
    expect(again.listens().hears).toEqual(['en/out']); // p again, which does not even ask
  });

  it.each([
    ['locked', 'en/locked'],
    ['error', 'en/bad'],
    ['whatever', 'en/bad'],
  ])('goes on after %s', (outcome, heard) => {
    expect(pin().press('1234#').answers(outcome).hears).toEqual([heard]);
  });

  it('goes on when the check takes too long, with music until then', () => {
    const caller = pin().press('1234#').waits();
    expect(caller.did).toEqual(['music']);
    expect(caller.waits().hears).toEqual(['en/bad']);
  });

  it('counts a PIN that is too short as a mistake in keying, not as a try', () => {
    const caller = pin().press('12#');
    expect([caller.hears, caller.state.pinTries]).toEqual([['en/pin.wrong', 'en/pin.ask'], 0]);
    expect(caller.press('12#').hears).toEqual(['en/out']);
  });

  it('without an account is an error', () => {
    expect(pin('').hears).toEqual(['en/bad']);
  });

  it('lets the hash key that callers are told of come after the last digit', () => {
    const caller = pin().press('123456').press('#').answers('wrong');
    expect([caller.at, caller.state.typed]).toEqual(['p speaking', '']);
  });
});

const RECORD = `
r: { type: record, max: 1m, silence: 3s, save: name, outcomes: { done: good, empty: none, error: bad } }
good: { type: play, prompt: good }
none: { type: play, prompt: none }
bad: { type: play, prompt: bad }`;
const recording = () => new Caller(flowOf(RECORD, 'vars: { name: { type: string } }'));

describe('record', () => {
  it('records after its prompt and keeps the name', () => {
    const caller = recording();
    expect(caller.hears).toEqual(['en/record.beep']);
    expect(caller.listens().command('record')).toEqual({
      type: 'record',
      recordingId: 'c1-rec2',
      maxMs: 60_000,
      silenceMs: 3_000,
      beep: true,
    });
    expect(caller.records(4_200).command('request').request).toEqual({
      kind: 'keep-recording',
      recordingId: 'c1-rec2',
    });
    expect(caller.answers('ok').hears).toEqual(['en/good']);
    expect(caller.state.vars).toEqual({ name: 'c1-rec2' });
    expect(caller.facts).toContain('flow.recorded r c1-rec2 4200');
  });

  it('goes straight to the tone at a key', () => {
    expect(recording().press('5').did).toEqual(['stop', 'record']);
  });

  it('stops at the end key alone', () => {
    const caller = recording().listens().press('1');
    expect(caller.did).toEqual([]);
    expect(caller.press('#').did).toEqual(['record.stop']);
    expect(caller.at).toBe('r recording');
  });

  it('takes less than a second for nothing', () => {
    expect(recording().listens().records(999).hears).toEqual(['en/none']);
  });

  it('goes to its error when it fails, or cannot be put away', () => {
    expect(recording().listens().records(0, 'failed').hears).toEqual(['en/bad']);
    expect(recording().listens().records(3_000).answers('error').hears).toEqual(['en/bad']);
    expect(recording().listens().records(3_000).waits().waits().hears).toEqual(['en/bad']);
  });

  it('does not wait for ever for a switch that never tells the end', () => {
    const caller = recording().listens();
    caller.now = caller.state.timers['stuck'] ?? 0;
    expect(caller.now).toBe(NOON + 75_000);
    expect(caller.is({ type: 'timer', name: 'stuck' }).hears).toEqual(['en/bad']);
    expect(caller.did).toEqual(['record.stop', 'play']);
  });
});

const SPEECH = `
s:
  type: speech
  prompt: what
  hints: [invoice]
  timeout: 5s
  save: said
  outcomes: { ok: good, noMatch: again, noInput: quiet, unavailable: keys, error: bad }
good: { type: play, prompt: good }
again: { type: play, prompt: again }
quiet: { type: play, prompt: quiet }
keys: { type: play, prompt: keys }
bad: { type: play, prompt: bad }`;
const speaking = () => new Caller(flowOf(SPEECH, 'vars: { said: { type: string, pii: true } }'));

describe('speech', () => {
  it('listens after its prompt, without music, and keeps what was said', () => {
    const caller = speaking().press('5');
    expect(caller.at).toBe('s speaking');
    expect(caller.listens().command('request').request).toEqual({
      kind: 'speech',
      legId: 'leg1',
      language: 'en',
      hints: ['invoice'],
      timeoutMs: 5_000,
    });
    expect(caller.state.timers['filler']).toBeUndefined();
    expect(caller.press('5').answers('ok', ' my invoice ').hears).toEqual(['en/good']);
    expect(caller.state).toMatchObject({ vars: { said: 'my invoice' }, typed: '' });
    expect(JSON.stringify(caller.seen)).not.toContain('invoice');
  });

  it.each([
    ['noMatch', 'en/again'],
    ['noInput', 'en/quiet'],
    ['unavailable', 'en/keys'],
    ['error', 'en/bad'],
    ['whatever', 'en/bad'],
  ])('goes on after %s', (outcome, heard) => {
    expect(speaking().listens().answers(outcome).hears).toEqual([heard]);
  });

  it.each([[''], [null], [3], [{ text: 'x' }]])('goes to its error for %j instead of words', (data) => {
    expect(speaking().listens().answers('ok', data).hears).toEqual(['en/bad']);
  });

  it('is unavailable when nobody answers', () => {
    expect(speaking().listens().waits().hears).toEqual(['en/keys']);
  });
});
