import type { Site } from '../../src/engine/site.ts';
import { ENTRY, flowOfNodes } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const CALLER = '+358501112223';

/** Nodes where all leave a message that is to be answered, but one caller, who waits for billing. */
export const messagesBut = (caller: string): string => `
  first:
    type: switch
    cases: [{ when: 'call.from == "${caller}"', go: wait }]
    else: leave
  leave:
    type: voicemail
    box: support
    silence: 3s
    promiseReplyWithin: 4h
    outcomes: { done: bye, empty: bye, full: bye }
  wait:
    type: queue
    queue: billing
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye }`;

/** Nodes where all wait for billing, and may ask for a callback. */
export const callbackNodes = (within: string): string => `
  first:
    type: queue
    queue: billing
    offerCallback: { key: "1", within: ${within} }
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, callbackTaken: bye }`;

/** A house whose one flow has these nodes, as they stand in a flow file; `bye` is there already. */
export class FlowHouse extends WalkHouse {
  constructor(nodes: string, site: Partial<Site> = {}, beside?: ConstructorParameters<typeof WalkHouse>[1]) {
    super({ ...flowOfNodes(nodes), ...site }, beside);
  }

  caller(from: string | null = CALLER) {
    return this.fake.call({ from, to: ENTRY });
  }

  /** A caller who is asked for a message, says something and is done. */
  async leaveMessage(from: string | null = CALLER): Promise<void> {
    const caller = await this.atTheTone(from);
    caller.say(2_000);
    await caller.until('ended');
  }

  /** Somebody calls in, and may speak now. */
  async atTheTone(from: string | null = CALLER) {
    const caller = this.caller(from);
    await this.clock.runUntil(() => caller.heard.includes('tone:beep'), 'the tone');
    return caller;
  }

  /** A caller waits, takes the callback by keys 1 and 1, and is gone. */
  async takeCallback(from: string | null = CALLER) {
    const caller = this.caller(from);
    await caller.until('hearing', 'callback.offer');
    caller.press('1');
    await caller.until('hearing', 'callback.choice');
    caller.press('1');
    await caller.until('hearing', 'callback.taken');
    await caller.until('ended');
    return caller;
  }

  /** Whatever a tester could read of this house afterwards: journal and log. */
  get traces(): string {
    return [...this.events.map((event) => JSON.stringify(event)), ...this.logged].join('\n');
  }

  left(node: string): readonly string[] {
    return this.eventsOf('flow.node.left').flatMap(({ data }) => (data.node === node ? [data.outcome] : []));
  }
}
