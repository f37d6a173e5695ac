import type { Redis } from 'ioredis';

const gathering = new WeakSet<Redis['stream']>();

/**
 * Lets all commands of one round of the event loop leave in one packet, and Redis read and answer them at once: a packet
 * costs more than what is in it. Nothing waits longer than the round.
 */
export function gather({ stream }: Redis): void {
  // There is none before the first connection.
  if (!stream || gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  setImmediate(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}
