import { PLACES } from '../../nodes/menu.ts';

/** A line of the file that is imported, and why it is not in the flow. */
export interface Lost {
  readonly line: number;
  readonly what: string;
  readonly why: string;
}

/** What flows refer to and a site has to define. */
export type Need = 'queue' | 'trunk' | 'box' | 'calendar';

export type NodeDraft = Readonly<Record<string, unknown>> & { readonly type: string };

/** Where everything ends that leads nowhere else. */
export const BYE = 'bye';

/** Flows in the making: nodes and what they need, and what could not be carried over. */
export class Draft {
  readonly nodes = new Map<string, NodeDraft>();
  readonly lost: Lost[] = [];
  readonly needs: { readonly need: Need; readonly name: string; readonly why: string }[] = [];
  /** Prompt → the sound file it was. */
  readonly sounds = new Map<string, string>();
  /** Prompt → words that were written out. */
  readonly words = new Map<string, string>();

  constructor() {
    this.nodes.set(BYE, { type: 'hangup' });
  }

  /** A node of that name, or of one like it when it is taken; answers its name. */
  add(wanted: string, node: NodeDraft): string {
    const id = this.free(wanted);
    this.nodes.set(id, node);
    return id;
  }

  /** A name that no node bears yet. */
  free(wanted: string): string {
    const base = slug(wanted) || 'node';
    for (let count = 1; ; count += 1) {
      const id = count === 1 ? base : `${base}-${count}`;
      if (!this.nodes.has(id) && !PLACES.some((place) => place === id)) return id;
    }
  }

  lose(line: number, what: string, why: string): null {
    this.lost.push({ line, what, why });
    return null;
  }

  need(need: Need, wanted: string, why: string): string {
    const name = slug(wanted) || need;
    if (!this.needs.some((known) => known.need === need && known.name === name)) this.needs.push({ need, name, why });
    return name;
  }

  /** The prompt for a sound file, named as the file is. */
  sound(file: string): string {
    const base = promptSlug(
      file
        .split('/')
        .at(-1)
        ?.replace(/\.(wav|gsm|ulaw|alaw|sln\d*|mp3|g722)$/i, '') ?? '',
    );
    for (let count = 1; ; count += 1) {
      const prompt = count === 1 ? base : `${base}-${count}`;
      const known = this.sounds.get(prompt);
      if (known !== undefined && known !== file) continue;
      this.sounds.set(prompt, file);
      return prompt;
    }
  }

  /** A prompt of these words. */
  said(wanted: string, text: string): string {
    const known = [...this.words].find(([, words]) => words === text)?.[0];
    if (known !== undefined) return known;
    let prompt = promptSlug(wanted);
    for (let count = 2; this.words.has(prompt) || this.sounds.has(prompt); count += 1)
      prompt = `${promptSlug(wanted)}-${count}`;
    this.words.set(prompt, text);
    return prompt;
  }

  play(prompt: readonly string[], next: string): string {
    return this.add(`say-${prompt[0] ?? ''}`, { type: 'play', prompt: prompt.length === 1 ? prompt[0] : prompt, next });
  }

  /** `target`: an extension of 2 to 6 digits, or a number with `+` and the trunk it goes out by. */
  transfer(target: string, trunk: string | null, ringSeconds: number | null, next: string): string {
    const ring = ringSeconds === null ? {} : { ring: `${Math.min(120, Math.max(5, ringSeconds))}s` };
    const outcomes = { answeredEnd: BYE, busy: next, noAnswer: next, failed: next };
    const node = { type: 'transfer', to: target, ...(trunk !== null && { trunk }), ...ring, outcomes };
    return this.#shared(`call-${target}`, node);
  }

  queue(name: string, next: string, maxWaitSeconds: number | null = null): string {
    const queue = this.need('queue', name, 'callers wait in it');
    const maxWait = maxWaitSeconds === null ? {} : { maxWait: `${Math.min(14_400, Math.max(1, maxWaitSeconds))}s` };
    const outcomes = { answeredEnd: BYE, timeout: next, full: next, noAgents: next, closed: next };
    return this.#shared(`queue-${name}`, { type: 'queue', queue, ...maxWait, outcomes });
  }

  voicemail(name: string, next: string): string {
    const box = this.need('box', name, 'callers leave messages in it');
    return this.#shared(`voicemail-${name}`, {
      type: 'voicemail',
      box,
      outcomes: { done: next, empty: next, full: next },
    });
  }

  /** One node for all that lead to the same. */
  #shared(wanted: string, node: NodeDraft): string {
    const text = JSON.stringify(node);
    const known = [...this.nodes].find(([, other]) => JSON.stringify(other) === text)?.[0];
    return known ?? this.add(wanted, node);
  }
}

export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');

const promptSlug = (text: string) => slug(text).slice(0, 36).replace(/-+$/, '') || 'prompt';

/** What a telephone can be told to ring: an extension of 2 to 6 digits. */
export const isExtension = (text: string): boolean => /^[0-9]{2,6}$/.test(text);
export const isNumber = (text: string): boolean => /^\+[1-9][0-9]{6,14}$/.test(text);

/** A length of time as flows write it, held to what they allow. */
export function time(ms: number, least: number, most: number): string {
  const held = Math.min(most, Math.max(least, Math.round(ms)));
  return held % 1_000 === 0 ? `${held / 1_000}s` : `${held}ms`;
}
