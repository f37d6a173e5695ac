import type { LegId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';

/** More legs and bridges than a machine has calls. */
const MOST = 20_000;

/**
 * Legs and bridges that are to end and that FreeSWITCH could not be told of. The call has been closed without them by then, so that
 * nobody else would ever end them: they are ended at the next connection.
 */
export class Owed {
  readonly #run: (command: SwitchCommand) => Promise<SwitchResult>;
  /** By the id of leg or bridge. */
  readonly #commands = new Map<string, SwitchCommand>();
  #isOver = false;

  constructor(run: (command: SwitchCommand) => Promise<SwitchResult>) {
    this.#run = run;
  }

  /** It was answered `unavailable`. */
  note(command: SwitchCommand): void {
    const id = command.type === 'hangup' ? command.legId : command.type === 'unbridge' ? command.bridgeId : null;
    if (id === null || this.#isOver || this.#commands.size >= MOST) return;
    this.#commands.set(id, command);
  }

  has(id: LegId): boolean {
    return this.#commands.has(id);
  }

  /** There is a connection. */
  resume(): void {
    const commands = [...this.#commands.values()];
    this.#commands.clear();
    for (const command of commands) void this.#run(command);
  }

  stop(): void {
    this.#isOver = true;
    this.#commands.clear();
  }
}
