import { formatYaml } from './format.ts';

export interface StarterOptions {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  /** As 2027-11-22. */
  readonly reviewBy: string;
  /** A queue of the site; null: a phone of the house rings instead. */
  readonly queue: string | null;
}

export interface Starter {
  readonly flow: string;
  readonly test: string;
}

/** A first flow with its test, commented, that passes both check and test as it stands. */
export const starterOf = (options: StarterOptions): Starter => ({
  flow: formatted(flowOf(options)),
  test: formatted(testOf(options)),
});

/** Titles come with whatever quotes their authors like. */
function formatted(text: string): string {
  const done = formatYaml(text, 'starter.yaml');
  if (!done.ok) throw new Error('the starter is no YAML');
  return done.text;
}

const flowOf = ({ id, title, owner, reviewBy, queue }: StarterOptions) => `\
# yaml-language-server: $schema=./schema/ivr-flow.v1.json
# Edit this file, then: npx callwright flow check, … flow test, … flow sim ${id}
version: ivr/v1
id: ${id}
title: ${JSON.stringify(title)}
owner: ${JSON.stringify(owner)} # who answers for this flow
reviewBy: ${reviewBy} # from then on \`flow check\` asks whether it still holds
# Numbers that lead here, as the carrier sends them, in quotes. Without one only other flows can call this one.
dids: []
languages: { default: en, supported: [en] }

# Fills what a node does not say itself.
defaults:
  menu: { timeout: 6s, interDigit: 2s, retries: { noInput: 2, invalid: 2 }, bargeIn: true }
  noInput: person # who presses nothing may have a phone without keys
  invalid: person
  onError: person

# The words of this flow alone. Those for several flows stand in sounds/<language>/prompts.yaml.
prompts:
  welcome: { tts: { en: "Welcome." } }
  main: { tts: { en: "To hear when we are open, press 1. To speak to a person, press 0. To hear this again, press 9." } }
  main.short: { tts: { en: "Press 1 for our opening hours, or 0 for a person." } }
  wrong: { tts: { en: "That key has no meaning here." } }
  hours: { tts: { en: "We are open from Monday to Friday, from nine to five." } }
  sorry: { tts: { en: "We are sorry, nobody can take your call right now. Please call again later." } }
  goodbye: { tts: { en: "Thank you for calling. Goodbye." } }

start: welcome
nodes:
  welcome:
    type: play
    prompt: welcome
    next: menu

  menu:
    type: menu
    prompt: { first: main, again: main.short, invalid: wrong }
    keys:
      "1": hours
      "0": person
      "9": repeat # says the menu once more; \`back\` and \`top\` lead to menus before

  hours:
    type: play
    prompt: hours
    next: menu

  person:
${queue === null ? TRANSFER : queueNode(queue)}
  sorry:
    type: play
    prompt: sorry
    next: bye

  bye:
    type: play
    prompt: goodbye # without \`next\` the call ends here
`;

const queueNode = (queue: string) => `\
    type: queue
    queue: ${queue}
    maxWait: 10m
    outcomes: { answeredEnd: bye, timeout: sorry, full: sorry, noAgents: sorry, closed: sorry, error: sorry }
`;

const TRANSFER = `\
    type: transfer
    to: "1001" # a phone of the house
    ring: 25s
    outcomes: { answeredEnd: bye, busy: sorry, noAnswer: sorry, failed: sorry, error: sorry }
`;

const testOf = ({ id, queue }: StarterOptions) => `\
# Run by: npx callwright flow test. Calls of the flow on a virtual clock: what the caller does, and what is to come of it.
flow: ${id}
tests:
  - name: Zero leads to a person
    steps: [{ hear: main }, { press: "0" }]
    expect: { path: [welcome, menu, person, bye], ends: bye }

  - name: The menu comes again after the opening hours
    steps: [{ hear: main }, { press: "1" }, { hear: main }, { press: "9" }, { press: "0" }]
    expect: { hears: hours, reaches: person }

  - name: Silence and wrong keys lead to a person
    steps: [{ hear: main }, { press: "7" }, { hear: wrong }, { silence: 30s }]
    expect: { reaches: person, counters: { menu.noInput: 3, menu.invalid: 1 }, maxSilence: 7s }

  - name: Nobody can take the call
${nobody(queue)}
coverage: { nodes: 100% }
`;

const nobody = (queue: string | null) => `\
    ${queue === null ? 'mocks: { person: noAnswer }' : `queue: { ${queue}: { outcome: noAgents } }`}
    steps: [{ hear: main }, { press: "0" }]
    expect: { reaches: sorry, ends: bye }
`;
