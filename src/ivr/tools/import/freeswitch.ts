import { z } from 'zod';
import { BYE, Draft, isExtension, isNumber, slug, time } from './draft.ts';
import { type ImportResult, written } from './write.ts';
import { lineAt, lineOf, readXml } from './xml.ts';

/** IVR menus of FreeSWITCH (`conf/ivr_menus/*.xml`), made into flows. */

const attribute = z.string().optional();
const entry = z.looseObject({ action: z.string(), digits: z.string(), param: attribute });
const menu = z.looseObject({ name: z.string().min(1), entry: z.array(z.unknown()).default([]) });
type Menu = z.output<typeof menu>;

/** Attributes that are carried over, or mean nothing here: a flow knows from its keys how long they are. */
const KNOWN = new Set([
  'name',
  'entry',
  'greet-long',
  'greet-short',
  'invalid-sound',
  'exit-sound',
  'timeout',
  'inter-digit-timeout',
  'max-failures',
  'max-timeouts',
  'exec-on-max-failures',
  'exec-on-max-timeouts',
  'digit-len',
]);

export function importFreeswitch(text: string, from: string): ImportResult {
  const read = readXml(text);
  if (!read.ok) return read;
  const found = menusIn(read.data);
  const draft = new Draft();
  const reader = new Reader(draft, text);
  const menus = found.flatMap((one) => reader.register(one));
  if (menus.length === 0) return { ok: false, line: 1, why: 'There is no <menu name="…"> in it' };
  for (const include of text.matchAll(/<X-PRE-PROCESS\b[^>]*>/g)) {
    draft.lose(lineAt(text, include.index), include[0].slice(0, 80), 'is not followed; import that file by itself');
  }
  for (const { file, node, line } of menus) reader.read(file, node, line);
  return written(
    draft,
    menus.map(({ file, node }) => ({ node, title: file.name })),
    from,
  );
}

/** Menus wherever they stand: alone, in `<include>`, or in a whole configuration. */
function menusIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(menusIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([tag, inner]) =>
    tag === 'menu' && Array.isArray(inner) ? inner : menusIn(inner),
  );
}

interface Registered {
  readonly file: Menu;
  readonly node: string;
  readonly line: number;
}

class Reader {
  readonly #draft: Draft;
  readonly #text: string;
  readonly #menus = new Map<string, string>();

  constructor(draft: Draft, text: string) {
    this.#draft = draft;
    this.#text = text;
  }

  /** Takes the name of a menu, so that entries before it can lead there. */
  register(raw: unknown): readonly Registered[] {
    const line = lineOf(this.#text, raw);
    const file = menu.safeParse(raw);
    if (!file.success) {
      this.#draft.lose(line, '<menu>', 'has no name');
      return [];
    }
    if (this.#menus.has(file.data.name)) {
      this.#draft.lose(line, `menu ${file.data.name}`, 'is there twice; the first is taken');
      return [];
    }
    const node = this.#draft.add(file.data.name, { type: 'menu' });
    this.#menus.set(file.data.name, node);
    return [{ file: file.data, node, line }];
  }

  read(file: Menu, node: string, line: number): void {
    const draft = this.#draft;
    const text = (name: string) => {
      const value = file[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    for (const name of Object.keys(file)) {
      if (!KNOWN.has(name) && text(name) !== undefined)
        draft.lose(line, `${file.name}: ${name}="${text(name)}"`, 'has nothing like it in a flow');
    }
    const prompt = (name: string) => this.#prompt(text(name), `${file.name}-${name}`, line);
    const [first, again, invalid, exit] = [
      prompt('greet-long'),
      prompt('greet-short'),
      prompt('invalid-sound'),
      prompt('exit-sound'),
    ];
    if (first === null)
      draft.lose(line, `${file.name}: greet-long`, 'is missing, and a menu says something; record a prompt');
    const end = exit === null ? BYE : draft.play([exit], BYE);
    const greeting = first ?? draft.sound(`${slug(file.name)}-menu`);
    const spoken = { first: greeting, ...(again !== null && { again }), ...(invalid !== null && { invalid }) };
    draft.nodes.set(node, {
      type: 'menu',
      prompt: again === null && invalid === null ? greeting : spoken,
      keys: this.#keys(file, end, line),
      ...this.#times(text, line),
      outcomes: {
        noInput: this.#failing(text('exec-on-max-timeouts'), line, end),
        invalid: this.#failing(text('exec-on-max-failures'), line, end),
      },
    });
  }

  /** FreeSWITCH counts how often it asks, a flow how often it asks again. */
  #times(text: (name: string) => string | undefined, line: number): object {
    const number = (name: string) => (/^[0-9]{1,7}$/.test(text(name) ?? '') ? Number(text(name)) : null);
    const again = (name: string) => Math.min(10, Math.max(0, (number(name) ?? 3) - 1));
    const held = (name: string, least: number, most: number) => {
      const ms = number(name);
      if (ms !== null && (ms < least || ms > most))
        this.#draft.lose(line, `${name}="${ms}"`, `is held to ${time(ms, least, most)}`);
      return ms === null ? null : time(ms, least, most);
    };
    const [timeout, interDigit] = [held('timeout', 500, 60_000), held('inter-digit-timeout', 300, 15_000)];
    return {
      ...(timeout !== null && { timeout }),
      ...(interDigit !== null && { interDigit }),
      retries: { noInput: again('max-timeouts'), invalid: again('max-failures') },
    };
  }

  #prompt(sound: string | undefined, named: string, line: number): string | null {
    if (sound === undefined) return null;
    if (sound.startsWith('say:')) return this.#draft.said(named, sound.slice(4).trim() || named);
    if (/^(tone_stream|silence_stream|local_stream|shout):/.test(sound)) {
      return this.#draft.lose(line, sound, 'is a stream, and a flow plays prompts');
    }
    return this.#draft.sound(sound.startsWith('phrase:') ? (sound.split(':')[1] ?? named) : sound);
  }

  #failing(command: string | undefined, line: number, end: string): string {
    if (command === undefined) return end;
    return this.#execute(command, line, end, end) ?? end;
  }

  #keys(file: Menu, end: string, at: number): Readonly<Record<string, string>> {
    const keys = new Map<string, string>();
    for (const raw of file.entry) {
      const line = lineOf(this.#text, raw);
      const read = entry.safeParse(raw);
      if (!read.success) this.#draft.lose(line, '<entry>', 'has no action or no digits');
      else if (!/^[0-9*#]{1,4}$/.test(read.data.digits)) {
        this.#draft.lose(line, `digits ${read.data.digits}`, 'a menu has fixed keys; use a collect node for numbers');
      } else if (keys.has(read.data.digits))
        this.#draft.lose(line, `digits ${read.data.digits}`, 'is there twice; the first is taken');
      else {
        const to = this.#act(read.data, file, line, end);
        if (to !== null) keys.set(read.data.digits, to);
      }
    }
    if (keys.size === 0) {
      this.#draft.lose(at, `menu ${file.name}`, 'has no key that could be carried over; 0 ends the call for now');
      keys.set('0', end);
    }
    return Object.fromEntries(keys);
  }

  #act({ action, param = '' }: z.output<typeof entry>, file: Menu, line: number, end: string): string | null {
    const here = this.#menus.get(file.name) ?? BYE;
    switch (action) {
      case 'menu-back':
        return 'back';
      case 'menu-top':
        return 'top';
      case 'menu-exit':
        return end;
      case 'menu-sub':
        return (
          this.#menus.get(param) ??
          this.#draft.lose(
            line,
            `menu-sub ${param}`,
            'that menu is in another file; import it and call it by a flow node',
          )
        );
      case 'menu-play-sound': {
        const prompt = this.#prompt(param, `${file.name}-sound`, line);
        return prompt === null ? null : this.#draft.play([prompt], here);
      }
      case 'menu-exec-app':
        return this.#execute(param, line, end, here);
      default:
        return this.#draft.lose(line, `${action} ${param}`.trim(), 'has nothing like it in a flow');
    }
  }

  /** An application of the dialplan. `here` is where a played sound leads back to. */
  #execute(command: string, line: number, end: string, here: string): string | null {
    const [app = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(command.trim())?.slice(1) ?? [];
    const draft = this.#draft;
    const lose = (why: string) => draft.lose(line, command, why);
    switch (app) {
      case 'transfer':
        return (
          this.#number(rest.split(/\s+/)[0] ?? '', end) ??
          lose('that extension of the dialplan is no phone; say in the flow what it does')
        );
      case 'bridge':
        return this.#bridge(rest, end) ?? lose('is no plain phone and no number with + over a gateway');
      case 'playback': {
        const prompt = this.#prompt(rest, 'sound', line);
        return prompt === null ? null : draft.play([prompt], here);
      }
      case 'voicemail': {
        const box = rest.split(/\s+/).at(-1) ?? '';
        return slug(box) === '' || box.includes('$') ? lose('the box is not written out') : draft.voicemail(box, end);
      }
      case 'callcenter':
      case 'fifo': {
        const queue = rest.split(/[\s@]/)[0] ?? '';
        return slug(queue) === '' || queue.includes('$')
          ? lose('the queue is not written out')
          : draft.queue(queue, end);
      }
      case 'ivr':
        return this.#menus.get(rest) ?? lose('that menu is in another file');
      case 'hangup':
        return BYE;
      default:
        return lose('that application has nothing like it in a flow');
    }
  }

  #number(target: string, end: string): string | null {
    return isExtension(target) ? this.#draft.transfer(target, null, null, end) : null;
  }

  #bridge(target: string, end: string): string | null {
    const plain = target.replace(/^(\{[^}]*\}|\[[^\]]*\])/, '');
    const [, phone] = /^user\/([0-9]{2,6})(?:@[^,|]*)?$/.exec(plain) ?? [];
    if (phone !== undefined) return this.#number(phone, end);
    const [, gateway, number] = /^sofia\/gateway\/([A-Za-z0-9_.-]+)\/(\+[0-9]+)$/.exec(plain) ?? [];
    if (gateway === undefined || number === undefined || !isNumber(number)) return null;
    return this.#draft.transfer(number, this.#draft.need('trunk', gateway, `was the gateway ${gateway}`), null, end);
  }
}
