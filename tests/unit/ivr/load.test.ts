import { describe, expect, it } from 'vitest';
import { parseFlow } from '../../../src/ivr/load.ts';

const GOOD = `version: ivr/v1
id: test
title: Test
dids: ["+358401234567"]
languages: { default: en, supported: [en, fi] }
vars:
  tier: { type: enum, values: [standard, vip], default: standard }
  id: { type: string }
defaults: { noInput: bye, invalid: bye }
start: pick
nodes:
  pick:
    type: switch
    cases:
      - when: tier == "vip"
        set: { tier: standard }
        go: ask
    else: menu
  menu:
    type: menu
    prompt: main
    timeout: 6s
    keys: { "1": ask, "2": { set: { tier: vip }, language: fi, go: wait } }
  ask:
    type: collect
    prompt: { first: ask, again: ask }
    digits: { min: 1, max: 4 }
    pattern: "^[0-9]+$"
    save: id
    outcomes: { ok: say }
  say: { type: play, prompt: { say: digits, of: id }, next: hours }
  hours:
    type: hours
    calendar: desk
    outcomes: { open: wait, closed: bye, holiday: bye, forced: bye }
  wait:
    type: queue
    queue: support
    require: [{ skill: "topic:\${tier}", level: 3 }]
    outcomes: { answeredEnd: bye, timeout: desk, full: desk, noAgents: desk, closed: bye }
  desk:
    type: transfer
    to: "+358401234567"
    trunk: public
    outcomes: { answeredEnd: bye, busy: bye, noAnswer: bye, failed: bye }
  bye: { type: hangup }
`;

function problems(text: string): readonly string[] {
  const reading = parseFlow(text, 'f.yaml');
  return reading.ok ? [] : reading.problems.map((p) => `${p.line}:${p.column} ${p.message} ${p.cure}`);
}

/** The good flow with one thing changed, and what is said about it. */
function changed(from: string, to: string): readonly string[] {
  expect(GOOD, 'the text to change').toContain(from);
  return problems(GOOD.replace(from, to));
}

describe('parseFlow', () => {
  it('takes a good flow, fills in its defaults and freezes it', () => {
    const reading = parseFlow(GOOD, 'f.yaml');
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    const { flow } = reading;
    expect(flow).toMatchObject({ id: 'test', file: 'f.yaml', start: 'pick', maxSteps: 200, onError: null });
    expect(flow.version).toMatch(/^[0-9a-f]{12}$/);
    const exits = flow.nodes.get('menu')?.exits.map(({ outcome, to }) => `${outcome} → ${to}`);
    expect(exits).toEqual(['noInput → bye', 'invalid → bye', 'key 1 → ask', 'key 2 → wait']);
    expect(Object.isFrozen(flow) && Object.isFrozen(flow.nodes.get('menu'))).toBe(true);
  });

  it('gives another version to another text', () => {
    const [a, b] = [parseFlow(GOOD, 'f'), parseFlow(GOOD.replace('6s', '7s'), 'f')];
    expect(a.ok && b.ok && a.flow.version !== b.flow.version).toBe(true);
  });

  it.each([
    // Targets
    ['start: pick', 'start: pik', '10:8 There is no node `pik`. Did you mean `pick`?'],
    ['else: menu', 'else: mneu', '18:11 There is no node `mneu`. Did you mean `menu`?'],
    ['"1": ask', '"1": aks', '23:18 There is no node `aks`. Did you mean `ask`?'],
    ['noInput: bye', 'noInput: by', '9:22 There is no node `by`. Did you mean `bye`?'],
    [
      'next: hours',
      'next: nowhere-at-all',
      '31:61 There is no node `nowhere-at-all`. Known: pick, menu, ask, say, hours, wait, desk, bye.',
    ],
    [
      'else: menu',
      'else: constructor',
      '18:11 There is no node `constructor`. Known: pick, menu, ask, say, hours, wait, desk, bye.',
    ],
    // Outcomes
    [
      ', timeout: desk',
      '',
      '40:5 The outcome `timeout` of `wait` leads nowhere. Add `timeout: <node>` under its outcomes.',
    ],
    [
      'defaults: { noInput: bye,',
      'defaults: {',
      '19:3 The outcome `noInput` of `menu` leads nowhere. Add `noInput: <node>` under its outcomes.',
    ],
    ['full: desk', 'ful: desk', '40:50 `ful` is not known here. Did you mean `full`?'],
    // Variables and conditions
    [
      'tier == "vip"',
      'tir == "vip"',
      '15:15 There is no variable `tir`. Did you mean `tier`? A text needs quotes: "tir".',
    ],
    ['tier == "vip"', 'tier == 3', '15:15 A text is compared with a whole number. '],
    ['tier == "vip"', 'true && call.frm == ""', '15:28 `call` has from, to, language and customerType only. '],
    ['tier == "vip"', 'tier', '15:15 This is a text, and here belongs true or false. '],
    [
      'tier == "vip"',
      'tier.matches("(a+)+$")',
      '15:15 The pattern is refused: it does not begin with ^ and end with $. ',
    ],
    ['tier == "vip"', 'true && [1].all(x, x == 1)', '15:23 `all` may not be used. '],
    ['set: { tier: standard }', 'set: { tier: gold }', '16:22 `tier` cannot be "gold". Known: standard, vip.'],
    [
      'set: { tier: standard }',
      'set: { tire: vip }',
      '16:16 The variable `tire` is not declared. Did you mean `tier`?',
    ],
    ['set: { tier: vip }', 'set: { tier: 3 }', '23:43 `tier` cannot be 3. Known: standard, vip.'],
    ['default: standard', 'default: gold', '7:57 `gold` is not one of the values. Known: standard, vip.'],
    ['save: id', 'save: tier', '29:11 `tier` is of type enum, and here belongs one of type string. Known: id.'],
    ['of: id', 'of: tier', '31:22 `tier` is of type enum, and here belongs one of type string. Known: id.'],
    ['${tier}', '${id}', '39:24 `id` is of type string, and here belongs one of type enum. Known: tier.'],
    ['topic:$', 'to pic:$', '39:24 A skill is a name, or a kind and a name. '],
    ['"1": ask', '"1": { go: ask, set: { tier: vip, id: 7 } }', '23:51 `id` cannot be 7. Write a text, in quotes'],
    ['${tier}', '${call.from}', '39:24 `call.from` cannot stand here. Known: call.language, tier.'],
    // Languages
    ['language: fi', 'language: sv', '23:60 The flow does not support the language `sv`. Known: en, fi.'],
    ['default: en,', 'default: sv,', '5:23 `sv` is not among the supported languages. Add it to `supported`.'],
    ['[en, fi]', '[en, fi, en]', '5:47 `en` is named twice. Remove one.'],
    // Patterns, times, numbers, keys
    [
      '"^[0-9]+$"',
      '"^(1|2)+$"',
      '28:14 The pattern is refused: `(1|2)+` is not a class of digits. Write digits and classes only, like ^[1-9][0-9]{5,7}$.',
    ],
    ['timeout: 6s', 'timeout: 6', '22:14 A length of time needs a unit. Write it like `6s`, `1500ms` or `2m`.'],
    [
      'timeout: 6s',
      'timeout: 6 s',
      '22:14 A length of time needs a number and a unit. Write it like `6s`, `1500ms` or `2m`.',
    ],
    ['timeout: 6s', 'timeout: 6h', '22:14 `timeout` must be between 500ms and 60s. Choose a time in that range.'],
    [
      'dids: ["+358401234567"]',
      'dids: [358401234567]',
      '4:8 A number is a `+` and digits, or digits alone. Put it in quotes.',
    ],
    ['"1": ask', '1: ask', '23:13 The key 1 is not a text. Put it in quotes: "1".'],
    ['"1": ask', '"1a": ask', '23:13 A key is one to four of 0–9, `*` and `#`. Write it like "1".'],
    ['min: 1', 'min: 5', '27:5 `min` is more than `max`. Exchange them.'],
    // What reaches the switch
    [
      'to: "+358401234567"',
      'to: "SHELL(reboot)"',
      '43:9 A call goes to an extension of 2 to 6 digits or to a number with `+`, nothing else. Write it like "1001" or "+358401234567".',
    ],
    [
      'to: "+358401234567"',
      'to: Local/x@y',
      '43:9 A call goes to an extension of 2 to 6 digits or to a number with `+`, nothing else. Write it like "1001" or "+358401234567".',
    ],
    [
      'to: "+358401234567"',
      'to: "PJSIP/a@b&c"',
      '43:9 A call goes to an extension of 2 to 6 digits or to a number with `+`, nothing else. Write it like "1001" or "+358401234567".',
    ],
    [
      'prompt: main',
      'prompt: ../../etc/passwd',
      '21:13 A prompt is named by words with dots between, never by a path or a file. Write it like `main.long`.',
    ],
    [
      'queue: support',
      'queue: "support,t,\u0024{SHELL(x)}"',
      '38:12 A name is made of small letters, digits and `-`. Write it like `main-menu`.',
    ],
    ['    trunk: public\n', '', '43:9 A number outside needs a trunk. Add `trunk: <name>`.'],
    // Shape
    ['type: hours', 'type: hour', '33:11 This type is not known. Use one of play, menu, collect, '],
    ['    prompt: main\n', '', '19:3 `prompt` is missing. Add it here.'],
    ['    outcomes: { ok: say }', '    on: { ok: say }', '30:5 `on` is not known here. Write `outcomes:`.'],
    ['title: Test', 'titel: Test', '3:1 `titel` is not known here. Did you mean `title`?'],
    [
      'bye: { type: hangup }',
      'bye: { type: hangup }\n  lost: { type: hangup }',
      '47:3 Nothing leads to the node `lost`. Let an outcome lead there, or remove it.',
    ],
    [
      'bye: { type: hangup }',
      'bye: { type: hangup }\n  bye: { type: hangup }',
      '47:3 `bye` is given twice. Remove one.',
    ],
    [
      'vars:\n',
      'vars:\n  int: { type: string }\n',
      '7:3 `int` has a meaning of its own in conditions. Choose another name for the variable.',
    ],
    [
      'vars:\n',
      'vars:\n  call: { type: string }\n',
      '7:3 `call` has a meaning of its own in conditions. Choose another name for the variable.',
    ],
  ])('%s → %s', (from, to, expected) => {
    const told = changed(from, to);
    expect(
      told.some((problem) => problem.startsWith(expected)),
      told.join('\n'),
    ).toBe(true);
  });

  it('tells every fault at once, in the order of the file', () => {
    const bad = GOOD.replace('else: menu', 'else: nix')
      .replace('save: id', 'save: ix')
      .replace('start: pick', 'start: pik');
    expect(problems(bad).map((problem) => problem.split(' ')[0])).toEqual(['2:1', '10:8', '18:11', '29:11']);
  });

  it('refuses a node named like the word that repeats a prompt', () => {
    const renamed = GOOD.replace('ok: say', 'ok: repeat').replace('  say: {', '  repeat: {');
    expect(problems(renamed)[1]).toMatch(/^31:3 `repeat` stands for a place in a menu's keys and can name no node\./);
  });
});

/** As many nodes as fit into a file that is read at all. */
function manyNodes(node: (i: number) => string): string {
  const head = GOOD.slice(0, GOOD.indexOf('nodes:')).replace('start: pick', 'start: n0');
  let text = `${head}nodes:\n`;
  for (let i = 0; text.length < 128 * 1024 - 100; i += 1) text += `  n${i}: ${node(i)}\n`;
  return text;
}

/** What an act costs, in ms of this thread alone: the files before it leave garbage that other threads sweep up. */
function costOf(act: () => void): number {
  const before = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

describe('hostile text', () => {
  it.each([
    ['a key that reaches into JavaScript', '__proto__: { polluted: 1 }\n', 'The key `__proto__` is reserved.'],
    ['another', 'nodes: { constructor: { type: hangup } }\n', 'The key `constructor` is reserved.'],
    ['a tag', 'id: !!js/function "x"\n', 'Unresolved tag: tag:yaml.org,2002:js/function.'],
    ['an alias bomb', 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n', 'An alias may not stand for another alias.'],
    ['an alias that holds itself', 'a: &a [*a]\n', '`*a` stands within what it names.'],
    ['an alias of nothing', 'a: *lost\nlost: &lost 1\n', '`*lost` names no `&lost` above it.'],
    ['many aliases', `a: &a 1\nb: [${'*a, '.repeat(1_000)}]\n`, 'More than 64 aliases.'],
    ['deep brackets', '['.repeat(100_000), 'The file is nested too deeply.'],
    ['deep braces', '{'.repeat(5_000), 'The file is nested too deeply.'],
    ['deep lists', `${'- '.repeat(20_000)}a`, 'The file is nested too deeply.'],
    ['moderately deep lists', `${'- '.repeat(40)}a`, 'The file is nested too deeply.'],
    ['a long file', 'a'.repeat(300_000), 'The file is longer than 128 KiB.'],
    ['many keys', Array.from({ length: 10_000 }, (_, i) => `k${i}: 1\n`).join(''), 'is missing.'],
    ['the same key again and again', 'a: 1\n'.repeat(20_000), '`a` is given twice.'],
    ['UTF-16', Buffer.from('version: ivr/v1', 'utf16le').toString('utf8'), 'The file holds bytes that are no text.'],
    [
      'bytes that are no UTF-8',
      Buffer.from([0x69, 0xff, 0xfe]).toString('utf8'),
      'The file holds bytes that are no text.',
    ],
    ['two documents', 'a: 1\n---\nb: 2\n', 'A second document begins here'],
    ['two long documents', `${'a: [1, 2]\n'.repeat(6_000)}--- # again\n${'b: 2\n'.repeat(9_000)}`, 'A second document'],
    ['documents without end', '---\n'.repeat(30_000), 'A second document begins here'],
    ['a mark in the middle', 'id: x\n\ufefftitle: y\n', 'An invisible mark (BOM) stands here.'],
    ['a half merge', 'id: x\n<<<<<<< HEAD\n', 'A merge left its marks here.'],
    ['wrong names without end', manyNodes((i) => `{ type: goto, to: m${i} }`), 'The flow names no owner.'],
    ['one endless circle', manyNodes((i) => `{ type: goto, to: n${i + 1} }`), 'The flow names no owner.'],
    ['many small circles', manyNodes((i) => `{ type: goto, to: n${i ^ 1} }`), 'The flow names no owner.'],
    [
      'menus in a row without end',
      manyNodes((i) => `{ type: menu, prompt: p, keys: { "1": n${i + 1} } }`),
      'The flow names no owner.',
    ],
    ['a list', '- a\n', '`file` must be a map.'],
    ['nothing', '', '`file` is missing.'],
    ['a collection as key', '? [a, b]\n: c\n', 'The key … is not a text.'],
  ])('%s is refused with a sentence, quickly', (_, text, message) => {
    const parse = () => {
      const reading = parseFlow(text, 'f.yaml');
      expect(reading.ok).toBe(false);
      expect(reading.ok || reading.problems[0]?.message).toContain(message);
    };
    // The best of three, as a loaded machine has slow moments.
    const quick = [1, 2, 3].some(() => costOf(parse) < 1_000);
    expect(quick).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('takes one document after comments, a directive and its mark, and dashes within a text', () => {
    expect(parseFlow(`# ours\n%YAML 1.2\n---\n${GOOD}`, 'f.yaml').ok).toBe(true);
    expect(parseFlow(GOOD.replace('title: Test', 'title: |\n  a\n  ---\n  b'), 'f.yaml').ok).toBe(true);
  });

  it('tells only the first place where YAML breaks', () => {
    const tab = problems(GOOD.replace('    calendar: desk', '\tcalendar: desk'));
    expect(tab).toEqual(['34:1 A tab stands where the line is indented. Indent with spaces.']);
  });

  it('takes a byte order mark', () => {
    expect(parseFlow(`\ufeff${GOOD}`, 'f.yaml').ok).toBe(true);
  });
});
