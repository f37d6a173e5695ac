import { describe, expect, it } from 'vitest';
import { Caller, digits, flowOf, NOON } from './caller.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const VOICEMAIL = `
v: { type: voicemail, box: support, promiseReplyWithin: 4h, outcomes: { done: good, empty: none, full: full, error: bad } }
good: { type: play, prompt: good }
none: { type: play, prompt: none }
full: { type: play, prompt: full }
bad: { type: play, prompt: bad }`;
const voicemail = (nodes = VOICEMAIL) => new Caller(flowOf(nodes));
const left = () => voicemail().answers('ok').listens().records(12_345);

describe('voicemail', () => {
  it('asks for room, promises an answer, greets and records', () => {
    const caller = voicemail();
    expect(caller.command('request').request).toEqual({ kind: 'voicemail-room', box: 'support' });
    expect(caller.answers('ok').hears).toEqual(['en/voicemail.promise', 'en/say.n.4', 'en/say.hour.other', GREETING]);
    expect(caller.listens().command('record')).toMatchObject({ maxMs: 120_000, silenceMs: 4_000, beep: true });
  });

  it('without a promise makes none', () => {
    const caller = voicemail(VOICEMAIL.replace('promiseReplyWithin: 4h, ', '')).answers('ok');
    expect(caller.hears).toEqual([GREETING]);
    expect(caller.listens().records(5_000).command('request').request).toMatchObject({ replyBy: null });
    expect(caller.answers('ok').facts).toContain('voicemail.left c1-rec3 5000');
  });

  it('leaves the message, and tells by when it is to be answered', () => {
    const caller = left();
    expect(caller.command('request').request).toEqual({
      kind: 'voicemail',
      box: 'support',
      recordingId: 'c1-rec3',
      durationMs: 12_345,
      language: 'en',
      replyBy: NOON + 4 * HOUR_MS,
    });
    expect(caller.answers('ok').hears).toEqual(['en/voicemail.thanks']);
    expect(caller.seen).toContainEqual({
      type: 'voicemail.left',
      data: { box: 'support', messageId: 'c1-rec3', durationMs: 12_345, replyBy: NOON + 4 * HOUR_MS },
    });
    expect(caller.listens().hears).toEqual(['en/good']);
  });

  it('tells before the caller speaks in vain that the box is full, and also when it filled up meanwhile', () => {
    const before = voicemail().answers('full');
    expect(before.hears).toEqual(['en/voicemail.full']);
    expect(before.listens().hears).toEqual(['en/full']);
    expect(left().answers('full').hears).toEqual(['en/voicemail.full']);
  });

  it('lets a key go straight to the tone, and another skip the thanks', () => {
    expect(voicemail().answers('ok').press('#').did).toEqual(['stop', 'record']);
    const thanked = left().answers('ok').press('1');
    expect([thanked.hears, thanked.at]).toEqual([['en/good'], 'good speaking']);
  });

  it('goes on when nothing was said, or something failed', () => {
    expect(voicemail().answers('ok').listens().records(400).hears).toEqual(['en/none']);
    expect(voicemail().answers('error').hears).toEqual(['en/bad']);
    expect(left().answers('error').hears).toEqual(['en/bad']);
    expect(voicemail().answers('ok').listens().records(0, 'failed').hears).toEqual(['en/bad']);
  });

  it('keeps what was said when the caller hangs up', () => {
    const caller = voicemail().answers('ok').listens().leaves();
    expect([caller.at, caller.did]).toEqual(['v recording', []]);
    expect(caller.records(3_000).did).toEqual(['request', 'timer', 'timer']);
    expect(caller.answers('ok').did).not.toContain('play');
    expect(caller.at).toBe('v ended');
    expect(caller.facts.slice(-4).map((fact) => fact.split(' ').slice(0, 3).join(' '))).toEqual([
      'flow.request.ended v voicemail',
      'voicemail.left c1-rec3 3000',
      'flow.node.left v done',
      'flow.finished hangup',
    ]);
  });

  it('promises whole hours alone', () => {
    expect(() => voicemail(VOICEMAIL.replace('4h', '90m'))).toThrow('A promise is made in whole hours.');
  });
});
const GREETING = 'en/voicemail.greeting';

const CALLBACK = `
c:
  type: callback
  queue: support
  within: 2h
  keepPlace: true
  retries: { noInput: 0, invalid: 0 }
  outcomes: { taken: good, refused: no, full: full, error: bad }
good: { type: play, prompt: good }
no: { type: play, prompt: no }
full: { type: play, prompt: full }
bad: { type: play, prompt: bad }`;
const callback = (ani: string | null = '+35850') => new Caller(flowOf(CALLBACK), { ani });

describe('callback', () => {
  it('reads the number back, and is asked for when the caller says that it is right', () => {
    const caller = callback();
    expect(caller.hears).toEqual(['en/callback.number', 'en/say.plus', ...digits('35850'), 'en/confirm.choice']);
    expect(caller.press('1').command('request').request).toEqual({
      kind: 'callback',
      queue: 'support',
      number: '+35850',
      language: 'en',
      dueBy: NOON + 2 * HOUR_MS,
      keepPlace: true,
      require: [],
    });
    expect(caller.answers('taken', 'cb').hears).toEqual(['en/callback.taken']);
    expect(caller.facts).toContain(`callback.requested support +35850 ${NOON + 2 * HOUR_MS} true`);
    expect(caller.listens().hears).toEqual(['en/good']);
  });

  it.each([
    ['refused', 'en/no'],
    ['full', 'en/full'],
    ['error', 'en/bad'],
    ['whatever', 'en/bad'],
  ])('tells of no callback after %s', (outcome, heard) => {
    const caller = callback().press('1').answers(outcome);
    expect(caller.hears).toEqual([heard]);
    expect(caller.facts.join()).not.toContain('callback.requested');
  });

  it('is refused by the caller, by silence and by any other key', () => {
    expect(callback().press('2').hears).toEqual(['en/no']);
    expect(callback().press('7').hears).toEqual(['en/no']);
    expect(callback().listens().waits().hears).toEqual(['en/no']);
  });

  it('is refused to a number that cannot be rung', () => {
    expect(callback(null).hears).toEqual(['en/no']);
    expect(callback('anonymous').hears).toEqual(['en/no']);
  });

  it('calls the number of a variable', () => {
    const nodes = CALLBACK.replace('within', 'number: other\n  within');
    const caller = new Caller(flowOf(nodes, 'vars: { other: { type: string, default: "0401234" } }'));
    expect(caller.press('1').command('request').request).toMatchObject({ number: '0401234' });
  });

  it('is taken though the caller hangs up at his yes', () => {
    const caller = callback().press('1').leaves();
    expect(caller.at).toBe('c asking');
    expect(caller.answers('taken').facts.join()).toContain('callback.requested');
    expect(caller.at).toBe('c ended');
  });
});

const SURVEY = `
s:
  type: survey
  questions:
    - { id: csat, scale: 1-5, prompt: survey.csat }
    - { id: nps, scale: 0-10, prompt: survey.nps }
    - { id: solved, yesNo: true, prompt: survey.solved }
    - { id: words, voice: 30s, prompt: survey.voice }
  retries: { noInput: 0, invalid: 1 }
  outcomes: { done: good, partial: part, declined: no }
good: { type: play, prompt: good }
part: { type: play, prompt: part }
no: { type: play, prompt: no }`;
/** Without a way to decline there is no edge for it. */
const survey = () =>
  new Caller(flowOf(SURVEY.replace(', declined: no', '').replace('\nno: { type: play, prompt: no }', '')));
const asked = () => new Caller(flowOf(SURVEY.replace('retries', 'optIn: asked\n  every: 30d\n  retries')));
const results = (caller: Caller) => caller.facts.filter((fact) => fact.startsWith('survey.'));

describe('survey', () => {
  it('asks one question after the other and tells each answer at once', () => {
    const caller = survey();
    expect(caller.press('4').hears).toEqual(['en/survey.nps']);
    expect(caller.press('10').hears).toEqual(['en/survey.solved']);
    expect(caller.press('2').hears).toEqual(['en/survey.voice']);
    expect(caller.listens().command('record')).toMatchObject({ maxMs: 30_000 });
    expect(caller.press('#').did).toEqual(['record.stop']);
    expect(caller.records(5_000).answers('ok').hears).toEqual(['en/survey.thanks']);
    expect(caller.listens().hears).toEqual(['en/good']);
    expect(results(caller)).toEqual([
      'survey.answered s csat 4',
      'survey.answered s nps 10',
      'survey.answered s solved false',
      expect.stringMatching(/^survey\.answered s words c1-rec\d+$/),
      'survey.finished s done 4',
    ]);
  });

  it.each([
    ['0', 0, false],
    ['7', 7, false],
    ['1', 1, true],
    ['1#', 1, false],
    ['10', 10, false],
  ])('takes %s on a scale to ten', (keys, answer, waits) => {
    const caller = survey().press('4').press(keys);
    if (waits) caller.waits();
    expect(caller.hears).toEqual(['en/survey.solved']);
    expect(results(caller).at(-1)).toBe(`survey.answered s nps ${answer}`);
  });

  it('lets a hash key after the answer mean nothing', () => {
    const caller = survey().press('4').press('7#');
    expect([caller.at, caller.did]).toEqual(['s speaking', []]);
    expect(caller.press('1').hears).toEqual(['en/survey.voice']);
  });

  it('asks again after a number that is not on the scale, and ends when there is no answer', () => {
    const caller = survey().press('9');
    expect(caller.hears).toEqual(['en/survey.csat']);
    expect(caller.press('9').hears).toEqual(['en/part']);
    expect(results(caller)).toEqual(['survey.finished s partial 0']);
    expect(survey().press('4').listens().waits().hears).toEqual(['en/part']);
  });

  it('passes over words that were not said, or could not be put away', () => {
    const spoken = () => survey().press('40').press('1').press('5');
    for (const caller of [
      spoken().records(300),
      spoken().records(0, 'failed'),
      spoken().records(5_000).answers('no'),
    ]) {
      expect(caller.hears).toEqual(['en/survey.thanks']);
      expect(results(caller).at(-1)).toBe('survey.finished s done 3');
    }
  });

  it('asks first, once in the given time', () => {
    const caller = asked();
    expect(caller.command('request').request).toEqual({ kind: 'recall', what: 'survey.test.s' });
    expect(caller.answers('none').hears).toEqual(['en/survey.optin']);
    expect(caller.command('remember')).toMatchObject({ what: 'survey.test.s', until: NOON + 30 * DAY_MS });
    expect(caller.press('1').hears).toEqual(['en/survey.csat']);
    const lately = asked().answers('ok', 'asked');
    expect([lately.hears, results(lately)]).toEqual([['en/no'], []]);
  });

  it('takes no and silence for no', () => {
    const no = asked().answers('none').press('2');
    expect([no.hears, results(no)]).toEqual([['en/no'], ['survey.finished s declined 0']]);
    expect(asked().answers('timeout').listens().waits().hears).toEqual(['en/no']);
  });

  it('loses no answer when the caller hangs up', () => {
    const caller = survey().press('4').leaves();
    expect(results(caller)).toEqual(['survey.answered s csat 4', 'survey.finished s partial 1']);
    expect(caller.facts.slice(-2)).toEqual(['flow.node.left s hangup', 'flow.finished hangup']);
    const speaking = survey().press('40').press('1').press('5').leaves().records(4_000).answers('ok');
    expect(results(speaking).slice(-2)).toEqual([expect.stringMatching(/ words /), 'survey.finished s done 4']);
    expect(results(asked().answers('none').leaves())).toEqual(['survey.finished s declined 0']);
  });

  it.each([
    ['two kinds of answer', 'yesNo: true', 'yesNo: true, scale: 1-5', 'A question has one kind of answer.'],
    ['no kind of answer', 'yesNo: true, ', '', 'A question has one kind of answer.'],
    ['a name twice', 'id: nps', 'id: csat', 'Two questions are called `csat`.'],
  ])('refuses %s', (_, from, to, message) => {
    expect(() => flowOf(SURVEY.replace(from, to))).toThrow(message);
  });
});
