import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createProgress } from './progress.ts';

export interface Upload {
  readonly stream: ReadableStream;
  readonly done: () => void;
}

/** A file as it is read, with how far that is on the screen; `then` says what is waited for when all of it was sent. */
export function uploadOf(file: string, then: string): Upload {
  const { size: total } = statSync(file);
  const progress = createProgress(process.stderr);
  let done = 0;
  const counted = async function* () {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      done += chunk.length;
      progress.step({ text: 'sending', done, total });
      yield chunk;
    }
    progress.step({ text: then, done: total, total });
  };
  return { stream: Readable.toWeb(Readable.from(counted())), done: () => progress.done() };
}
