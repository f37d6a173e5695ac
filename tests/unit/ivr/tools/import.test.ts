import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseFlow } from '../../../../src/ivr/load.ts';
import { isError, printProblem } from '../../../../src/ivr/problem.ts';
import { importAsterisk } from '../../../../src/ivr/tools/import/asterisk.ts';
import { importFreeswitch } from '../../../../src/ivr/tools/import/freeswitch.ts';
import type { ImportResult } from '../../../../src/ivr/tools/import/write.ts';

const read = (name: string) => readFileSync(new URL(`import/${name}`, import.meta.url), 'utf8');
const freeswitch = (text: string) => importFreeswitch(text, 'menus.xml');
const asterisk = (text: string) => importAsterisk(text, 'extensions.conf');

function done(result: ImportResult) {
  if (!result.ok) throw new Error(result.why);
  return result;
}

interface Written {
  readonly start: string;
  readonly nodes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly prompts?: unknown;
}

/** The one flow that comes of it, which the loader takes. */
function flowOf(result: ImportResult): Written {
  const { flows } = done(result);
  expect(flows.map(({ id, text }) => [id, faultsOf(text)])).toEqual(flows.map(({ id }) => [id, []]));
  return parse(flows[0]?.text ?? '') as Written;
}

const faultsOf = (text: string) => parseFlow(text, 'imported.yaml').problems.filter(isError).map(printProblem);
const lines = (result: ImportResult) => done(result).lost.map(({ line, what, why }) => `${line} ${what}: ${why}`);

describe('menus of FreeSWITCH', () => {
  const result = freeswitch(read('menus.xml'));
  const { start, nodes, prompts } = flowOf(result);

  it('lead where they led', () => {
    expect(start).toBe('main-office');
    expect(nodes['main-office']).toEqual({
      type: 'menu',
      prompt: { first: 'welcome-long', again: 'office-short', invalid: 'that-was-wrong' },
      keys: {
        '1': 'call-1001',
        '2': 'call-1002',
        '3': 'call-358401234567',
        '4': 'say-opening-hours',
        '5': 'sales',
        '6': 'voicemail-1003',
        '7': 'queue-support',
        '9': 'top',
        '*': 'say-vm-goodbye',
      },
      timeout: '10s',
      interDigit: '2500ms',
      retries: { noInput: 1, invalid: 2 },
      outcomes: { noInput: 'call-1000', invalid: 'say-vm-goodbye' },
    });
    expect(nodes['sales']).toMatchObject({ keys: { '1': 'bye', '#': 'back' }, retries: { noInput: 0, invalid: 0 } });
    expect(nodes['call-358401234567']).toMatchObject({ type: 'transfer', to: '+358401234567', trunk: 'carrier-a' });
    expect(nodes['say-opening-hours']).toEqual({ type: 'play', prompt: 'opening-hours', next: 'main-office' });
    expect(prompts).toEqual({ 'sales-greet-long': { tts: { en: 'Press one for new orders & two for old ones.' } } });
  });

  it('tell of every line that is left behind, of prompts, and of what the site must define', () => {
    expect(lines(result)).toEqual([
      '3 <X-PRE-PROCESS cmd="include" data="more/*.xml"/>: is not followed; import that file by itself',
      '4 Main Office: tts-engine="flite": has nothing like it in a flow',
      '24 lua pizza.lua: that application has nothing like it in a flow',
      '25 digits /^(10[0-9][0-9])$/: a menu has fixed keys; use a collect node for numbers',
      '29 timeout="200": is held to 500ms',
      '31 bridge sofia/$${domain}/888@conference.example.org: is no plain phone and no number with + over a gateway',
    ]);
    const { flows, needs } = done(result);
    for (const what of [
      '# - line 24: lua pizza.lua',
      '# - opening-hours (was ivr/opening-hours.wav)',
      '# - trunk carrier-a in site/trunks.yaml',
    ]) {
      expect(flows[0]?.text).toContain(what);
    }
    expect(needs.map(({ need, name }) => `${need} ${name}`)).toEqual(['trunk carrier-a', 'box 1003', 'queue support']);
  });

  it('become a flow each when none leads to another', () => {
    const two =
      '<include><menu name="a" greet-long="a.wav"><entry action="menu-exit" digits="1"/></menu><menu name="b" greet-long="b.wav"><entry action="menu-exit" digits="1"/></menu></include>';
    expect(done(freeswitch(two)).flows.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('become one flow when they lead round in a circle', () => {
    const menu = (name: string, to: string) =>
      `<menu name="${name}" greet-long="x.wav"><entry action="menu-sub" digits="1" param="${to}"/></menu>`;
    expect(done(freeswitch(`<include>${menu('a', 'b')}${menu('b', 'a')}</include>`)).flows.map(({ id }) => id)).toEqual(
      ['a'],
    );
  });

  it.each([
    [
      'an entity',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><menu name="a" greet-long="&e;"/>',
      1,
      /DOCTYPE is refused/,
    ],
    [
      'a bomb',
      `<!DOCTYPE lolz [<!ENTITY a "lol">${'<!ENTITY b "&a;&a;&a;&a;">'.repeat(50)}]><lolz>&b;</lolz>`,
      1,
      /refused/,
    ],
    ['a late entity', '<include>\n\n<!entity x "y"></include>', 3, /refused/i],
    ['broken XML', '<include>\n<menu name="a">\n</include>', 3, /no XML/],
    ['depth', '<a>'.repeat(20_000) + '</a>'.repeat(20_000), 1, /nested/],
    ['nothing', '<include/>', 1, /no <menu/],
  ])('refuse %s at once', (_what, text, line, why) => {
    const began = performance.now();
    expect(freeswitch(text)).toEqual({ ok: false, line, why: expect.stringMatching(why) });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('take names that mean something in JavaScript for names', () => {
    const text =
      '<include><menu name="__proto__" greet-long="constructor"><entry action="menu-sub" digits="1" param="toString"/></menu></include>';
    expect(Object.keys(flowOf(freeswitch(text)).nodes)).toEqual(['proto', 'bye']);
  });
});

describe('menus of Asterisk', () => {
  const result = asterisk(read('extensions.conf'));
  const { start, nodes } = flowOf(result);

  it('lead where they led', () => {
    expect(start).toBe('incoming-hours');
    expect(nodes['incoming-hours']).toEqual({
      type: 'hours',
      calendar: 'incoming-hours',
      outcomes: {
        open: 'ivr-1',
        closed: 'say-we-are-closed',
        holiday: 'say-we-are-closed',
        forced: 'say-we-are-closed',
      },
    });
    expect(nodes['ivr-1']).toEqual({
      type: 'menu',
      prompt: { first: 'welcome', again: ['are-you-there', 'welcome'], invalid: 'no-valid-responce-pls-try-again' },
      keys: {
        '1': 'call-1001',
        '2': 'queue-600',
        '3': 'queue-tech',
        '4': 'call-1004',
        '5': 'call-358501112223',
        '6': 'bye',
        '7': 'ivr-2',
        '8': 'voicemail-1008',
        '9': 'ivr-1',
      },
      timeout: '7s',
      interDigit: '3s',
      retries: { noInput: 2, invalid: 3 },
      outcomes: { noInput: 'bye', invalid: 'say-no-valid-responce-transfering' },
    });
    expect(nodes['call-1004']).toMatchObject({ to: '1004', ring: '25s', outcomes: { busy: 'voicemail-1004' } });
    expect(nodes['queue-tech']).toMatchObject({ maxWait: '300s', outcomes: { timeout: 'say-sorry' } });
    expect(nodes['say-sorry']).toEqual({ type: 'play', prompt: ['sorry', 'nobody-free'], next: 'ivr-1' });
  });

  it('tell of every line that is left behind', () => {
    expect(lines(result)).toEqual([
      '3 OPERATOR=PJSIP/1000: is a variable; flows declare theirs',
      '13 include => ivr-1-custom: is not followed; import what it names by itself',
      '18 Wait(1): is a pause; flows make none',
      '31 AGI(weather.py): has nothing like it in a flow',
      '35 extension _1XXX: is no fixed key of a menu',
      '42 extension t of [ivr-1]: asks for ever; the flow asks two more times and then ends the call',
      '49 Dial(PJSIP/2001&PJSIP/2002,20): is no single phone and no number with + over a trunk',
    ]);
  });

  it('that jump round in a circle end there', () => {
    const text =
      '[m]\nexten => s,1,Background(x)\n same => n,WaitExten(3)\nexten => 1,1,Goto(2,1)\nexten => 2,1,Goto(1,1)\n';
    const circle = asterisk(text);
    expect(flowOf(circle).nodes['m']).toMatchObject({ keys: { '1': 'bye', '2': 'bye' } });
    expect(lines(circle)).toEqual(['4 Goto(2,1): leads round in a circle; the call ends here']);
  });

  it('need a menu in the file', () => {
    expect(asterisk('[a]\nexten => 1,1,Hangup()')).toMatchObject({ ok: false });
  });
});

describe('an import', () => {
  it('writes flows that the loader takes, whatever stands in the file', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('1', '#', 'main', '1001', 'a b', '+358401234567', 'repeat', '# x\ny: z'),
    );
    const escaped = (value: string) => value.replace(/[<>&"]/g, '').replace(/\p{Cc}/gu, ' ');
    const entry = fc.tuple(
      fc.constantFrom('menu-exec-app', 'menu-sub', 'menu-back', 'menu-top', 'menu-exit', 'menu-play-sound', 'x'),
      text,
      text,
    );
    const menu = fc.tuple(text, text, fc.array(entry, { maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(menu, { minLength: 1, maxLength: 4 }), (menus) => {
        const xml = menus.map(([name, sound, entries]) => {
          const inside = entries.map(
            ([action, digits, param]) =>
              `<entry action="${action}" digits="${escaped(digits)}" param="transfer ${escaped(param)}"/>`,
          );
          return `<menu name="${escaped(name)}" greet-long="${escaped(sound)}" exit-sound="say:${escaped(sound)}">${inside.join('')}</menu>`;
        });
        const result = freeswitch(`<include>${xml.join('\n')}</include>`);
        if (result.ok) expect(result.flows.flatMap((flow) => faultsOf(flow.text))).toEqual([]);
      }),
      { numRuns: 150 },
    );
    const app = fc.constantFrom(
      'Goto(s,1)',
      'Goto(2,1)',
      'Playback(a)',
      'Queue(q)',
      'Dial(PJSIP/1001)',
      'Hangup()',
      'VoiceMail(1)',
      'GotoIfTime(9:00-10:00,*,*,*?2,1)',
      'Set(A=b)',
      'Goto(n,s,1)',
    );
    const step = fc.tuple(
      fc.constantFrom('1', '2', '*', 'i', 't', 'h', '_X.'),
      fc.oneof(app, fc.string({ maxLength: 15 })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const body = steps.map(([extension, what]) => `exten => ${extension},n,${what.replace(/[\r\n]/g, ' ')}`);
        const result = asterisk(
          ['[m]', 'exten => s,1,Background(hello)', ' same => n,WaitExten(5)', ...body].join('\n'),
        );
        if (result.ok) expect(result.flows.flatMap((flow) => faultsOf(flow.text))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
