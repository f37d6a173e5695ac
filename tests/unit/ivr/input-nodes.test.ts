import { describe, expect, it } from 'vitest';
import { Caller, digits, flowOf, NOON } from './caller.ts';

describe('play', () => {
  it('answers, says its prompts in the call’s language and goes on when they were said', () => {
    const caller = new Caller(flowOf('a: { type: play, prompt: [hello, welcome], next: b }\nb: { type: hangup }'));
    expect(caller.did).toEqual(['language', 'answer', 'play']);
    expect(caller.hears).toEqual(['en/hello', 'en/welcome']);
    expect(caller.listens().did).toEqual(['hangup']);
    expect(caller.facts).toEqual([
      `flow.started ${caller.state.version}`,
      'flow.node.entered a play',
      'flow.node.left a done',
      'flow.node.entered b hangup',
      'flow.node.left b done',
      'flow.finished normal',
    ]);
  });

  it('answers once', () => {
    const caller = new Caller(flowOf('a: { type: play, prompt: hello, next: b }\nb: { type: play, prompt: hello }'));
    expect(caller.listens().did).toEqual(['play']);
  });

  it('without a next hangs up', () => {
    const caller = new Caller(flowOf('a: { type: play, prompt: hello }'));
    expect(caller.listens().command('hangup')).toMatchObject({ cause: { q850: 16 }, reason: 'end' });
    expect(caller.at).toBe('a ended');
  });

  it('says variables', () => {
    const head =
      'vars: { id: { type: string, default: "0042" }, count: { type: int, default: 3 }, none: { type: string, default: "" } }';
    const say = '[{ say: digits, of: id }, { say: number, of: count }, { say: digits, of: none }]';
    expect(new Caller(flowOf(`a: { type: play, prompt: ${say} }`, head)).hears).toEqual(digits('00423'));
  });

  it('goes on at once when there is nothing to say', () => {
    const nodes = 'a: { type: play, prompt: { say: digits, of: none }, next: b }\nb: { type: hangup }';
    expect(new Caller(flowOf(nodes, 'vars: { none: { type: string, default: "" } }')).did).toEqual([
      'language',
      'hangup',
    ]);
  });

  it('that cannot be played goes to its error, else on', () => {
    const nodes =
      'a: { type: play, prompt: hello, next: b EDGE }\nb: { type: hangup }\nc: { type: play, prompt: apology }';
    const edge = new Caller(flowOf(nodes.replace('EDGE', ', outcomes: { error: c }')));
    expect(edge.listens(false).hears).toEqual(['en/apology']);
    const none = new Caller(flowOf(nodes.replace('EDGE', '').replace(/\nc:.*/, '')));
    expect(none.listens(false).did).toEqual(['hangup']);
  });

  it('is skipped by a key, alone: what follows is heard, and the end of what was skipped is old news', () => {
    const caller = new Caller(flowOf('a: { type: play, prompt: hello, next: b }\nb: { type: play, prompt: welcome }'));
    caller.press('5');
    expect(caller.at).toBe('b speaking');
    caller.is({ type: 'playback.finished', playbackId: 'c1-p1', completed: false });
    expect([caller.at, caller.did]).toEqual(['b speaking', []]);
  });

  it('without barge-in drops keys', () => {
    const caller = new Caller(flowOf('a: { type: play, prompt: hello, bargeIn: false }'));
    expect(caller.press('5').did).toEqual([]);
    expect(caller.state.typed).toBe('');
  });
});

const MENU = `
m:
  type: menu
  prompt: { first: long, again: short, invalid: wrong }
  timeout: 5s
  interDigit: 2s
  retries: { noInput: 1, invalid: 1 }
  keys: { "1": one, "2": { set: { tier: vip }, language: fi, go: two }, "9": repeat, "12": twelve }
  outcomes: { noInput: quiet, invalid: bad }
one: { type: play, prompt: one }
two: { type: play, prompt: two }
twelve: { type: play, prompt: twelve }
quiet: { type: play, prompt: quiet }
bad: { type: play, prompt: bad }`;
const TIER = 'vars: { tier: { type: enum, values: [standard, vip], default: standard } }';
const menu = (change: (nodes: string) => string = (nodes) => nodes) => new Caller(flowOf(change(MENU), TIER));

describe('menu', () => {
  it('listens after its prompt, not while it speaks', () => {
    const caller = menu();
    expect(Object.keys(caller.state.timers)).toEqual(['limit', 'stuck']);
    caller.listens();
    expect(caller.at).toBe('m listening');
    expect(caller.command('timer')).toEqual({ type: 'timer', name: 'noInput', at: NOON + 5_000 });
  });

  it('says the short prompt after silence, and leaves by noInput when retries are used up', () => {
    const caller = menu();
    expect(caller.listens().waits().hears).toEqual(['en/short']);
    expect(caller.listens().waits().hears).toEqual(['en/quiet']);
    expect(caller.facts).toContain('flow.node.left m noInput');
  });

  it('says what was wrong, and leaves by invalid when retries are used up', () => {
    const caller = menu();
    expect(caller.press('7').hears).toEqual(['en/wrong', 'en/short']);
    expect(caller.did).toEqual(['stop', 'play']);
    expect(caller.press('7').hears).toEqual(['en/bad']);
  });

  it('counts silence and wrong keys apart', () => {
    const caller = menu();
    caller.press('7').listens().waits();
    expect(caller.state.tries).toEqual({ noInput: 1, invalid: 1 });
    expect(caller.at).toBe('m speaking');
  });

  it('takes a key while it speaks, stopping the prompt', () => {
    const caller = menu();
    expect(caller.press('2').did).toEqual(['stop', 'language', 'play']);
    expect(caller.hears).toEqual(['fi/two']);
    expect(caller.state).toMatchObject({ language: 'fi', vars: { tier: 'vip' } });
    expect(caller.facts).toContain('call.language.set');
    expect(caller.facts).toContain('flow.input.received m 2');
  });

  it('without barge-in drops keys while it speaks, also those pressed ahead', () => {
    const caller = new Caller(
      flowOf(
        `a: { type: play, prompt: hello, next: m }${MENU.replace('timeout: 5s', 'timeout: 5s\n  bargeIn: false')}`,
        TIER,
      ),
    );
    caller.press('22');
    expect([caller.at, caller.hears]).toEqual(['m speaking', []]);
    expect(caller.listens().press('2').hears).toEqual(['fi/two']);
  });

  it('waits for a longer key only where there is one', () => {
    const caller = menu();
    expect(caller.press('1').did).toEqual(['stop', 'timer']);
    expect(caller.command('timer').at).toBe(NOON + 2_000);
    expect(caller.waits().hears).toEqual(['en/one']);
    expect(menu().press('12').hears).toEqual(['en/twelve']);
    expect(menu().press('13').hears).toEqual(['en/wrong', 'en/short']);
  });

  it('repeats its first prompt, without counting a try', () => {
    const caller = menu();
    expect(caller.press('9').hears).toEqual(['en/long']);
    expect(caller.state.tries).toEqual({ noInput: 0, invalid: 0 });
  });

  it('lets no stuck key repeat for ever', () => {
    const caller = menu();
    for (let i = 0; i < 250; i += 1) caller.press('9');
    expect(caller.at).toBe('m ended');
    expect(caller.facts.at(-1)).toBe('flow.finished step-limit');
  });

  it('takes keys pressed ahead without saying its prompt', () => {
    const nodes = `a: { type: play, prompt: hello, next: m }${MENU}`;
    const caller = new Caller(flowOf(nodes, TIER));
    expect(caller.press('2').did).toEqual(['stop', 'language', 'play']);
    expect(caller.path).toEqual(['a', 'm', 'two']);
  });

  it('forgets what was keyed ahead after a wrong key', () => {
    const nodes = `a: { type: play, prompt: hello, next: b }\nb: { type: play, prompt: notice, next: m }${MENU}`;
    const caller = new Caller(flowOf(nodes, TIER));
    caller.state = { ...caller.state, typed: '72' };
    caller.listens().listens();
    expect([caller.at, caller.hears, caller.state.typed]).toEqual(['m speaking', ['en/wrong', 'en/short'], '']);
  });

  it('listens though its prompt cannot be played', () => {
    expect(menu().listens(false).at).toBe('m listening');
  });

  it('asks once more for a timer that comes too early, and ignores one that is not armed', () => {
    const caller = menu().listens();
    caller.now -= 1;
    expect(caller.is({ type: 'timer', name: 'noInput' }).commands).toEqual([
      { type: 'timer', name: 'noInput', at: NOON + 5_000 },
    ]);
    expect(caller.is({ type: 'timer', name: 'interDigit' }).did).toEqual([]);
  });
});

const COLLECT = `
c:
  type: collect
  prompt: ask
  digits: { min: 3, max: 5, end: "#" }
  pattern: "^[1-9][0-9]{2,4}$"
  retries: { noInput: 0, invalid: 1 }
  save: id
  outcomes: { ok: good, noInput: quiet, invalid: bad }
good: { type: play, prompt: { say: digits, of: id } }
quiet: { type: play, prompt: quiet }
bad: { type: play, prompt: bad }`;
const dateIn = (check: string) =>
  new Caller(
    flowOf(
      `
c:
  type: collect
  prompt: ask
  digits: { min: 6, max: 8 }
  check: ${check}
  confirm: { say: date, attempts: 1 }
  save: day
  outcomes: { ok: good, noInput: bad, invalid: bad, cancelled: bad }
good: { type: play, prompt: { say: date, of: day } }
bad: { type: play, prompt: bad }`,
      'vars: { day: { type: string } }',
    ),
  );
const collect = (pii = false) => new Caller(flowOf(COLLECT, `vars: { id: { type: string, pii: ${pii} } }`));

describe('collect', () => {
  it.each([
    ['the end key', '123#', digits('123')],
    ['the most digits', '12345', digits('12345')],
    ['too few', '12#', ['en/ask']],
    ['none', '#', ['en/ask']],
    ['a leading zero, against the pattern', '0123#', ['en/ask']],
    ['a star', '12*4#', ['en/ask']],
  ])('ends at %s', (_, keys, heard) => {
    expect(collect().press(keys).hears).toEqual(heard);
  });

  it('ends when nothing more is keyed', () => {
    expect(collect().press('1234').waits().hears).toEqual(digits('1234'));
    expect(collect().press('1').waits().hears).toEqual(['en/ask']);
  });

  it('starts afresh after a wrong number and then leaves by invalid', () => {
    const caller = collect().press('000#');
    expect(caller.state.digits).toBe('');
    expect(caller.press('999#').hears).toEqual(digits('999'));
    expect(collect().press('000#000#').hears).toEqual(['en/bad']);
  });

  it('leaves by noInput', () => {
    expect(collect().listens().waits().hears).toEqual(['en/quiet']);
  });

  it('masks personal digits in facts', () => {
    expect(collect(true).press('123#').facts).toContain('flow.input.received c xxx');
    expect(collect(false).press('123#').facts).toContain('flow.input.received c 123');
  });

  it.each([
    ['date', '03122010'],
    ['{ date: ddmmyyyy }', '03122010'],
    ['{ date: mmddyyyy }', '12032010'],
    ['{ date: yyyymmdd }', '20101203'],
    ['{ date: ddmmyy }', '031210#'],
  ])('reads a date back in the order of `check: %s`, and keeps it so that it can be said', (check, keys) => {
    const caller = dateIn(check).press(keys);
    const said = ['en/say.month.12', 'en/say.day.3', 'en/say.n.20', 'en/say.n.10'];
    expect(caller.hears).toEqual(['en/confirm.heard', ...said, 'en/confirm.choice']);
    expect(caller.press('1').hears).toEqual(said);
    expect(caller.state.vars['day']).toBe('2010-12-03');
  });

  it('asks once more when there is no such day, and gives up when it was rejected as often as allowed', () => {
    expect(dateIn('date').press('31022010').hears).toEqual(['en/ask']);
    expect(dateIn('date').press('03122010').press('2').hears).toEqual(['en/bad']);
  });

  it('takes what was keyed during an announcement', () => {
    const nodes = `a: { type: play, prompt: hello, next: c }${COLLECT}`;
    const caller = new Caller(flowOf(nodes, 'vars: { id: { type: string } }'));
    expect(caller.press('1').at).toBe('c keying');
    expect(caller.press('23#').hears).toEqual(digits('123'));
  });
});
