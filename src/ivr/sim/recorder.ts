import type { FlowCommand } from '../step.ts';
import type { Inside } from './surroundings.ts';

type Record = Extract<FlowCommand, { readonly type: 'record' }>;

/** A recording that goes on: when it began, and when the caller said his last word. */
interface Take {
  readonly command: Record;
  readonly since: number;
  talksUntil: number;
}

/** Records a simulated caller, who says nothing until `talk`; the silence that ends a recording is no part of it. */
export class SimulatedRecorder {
  readonly #inside: Inside;
  #take: Take | null = null;

  constructor(inside: Inside) {
    this.#inside = inside;
  }

  begin(command: Record): void {
    this.#take = { command, since: this.#inside.now(), talksUntil: this.#inside.now() };
    this.#inside.log({ type: 'recording', node: this.#inside.node() });
    this.#planEnd(this.#take);
  }

  talk(ms: number): void {
    if (!this.#take) return;
    this.#take.talksUntil = this.#inside.now() + ms;
    this.#planEnd(this.#take);
  }

  stop(): void {
    if (this.#take) this.#inside.agenda.plan('recording', this.#inside.now(), () => this.end());
  }

  #planEnd({ command, since, talksUntil }: Take): void {
    const at = Math.min(since + command.maxMs, talksUntil + command.silenceMs);
    this.#inside.agenda.plan('recording', at, () => this.end());
  }

  /** It is over, and what was said so far is kept. */
  end(): void {
    if (!this.#take) return;
    const { command, since, talksUntil } = this.#take;
    this.#take = null;
    this.#inside.agenda.drop('recording');
    const durationMs = Math.min(talksUntil, this.#inside.now()) - since;
    const { recordingId } = command;
    this.#inside.tell({ type: 'recording.finished', recordingId, durationMs, outcome: 'done' });
  }
}
