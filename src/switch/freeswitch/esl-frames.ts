/** One message of FreeSWITCH's event socket: header lines, and a body as long as `Content-Length` says. */
export interface Frame {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What nobody needs in one message: the connection is of no use then. */
const MOST_BYTES = 32 * 1024 * 1024;
const LINE = /^([^:]+):\s*(.*)$/;

/**
 * Cuts a stream of bytes into messages, wherever the network has cut it.
 *
 * @throws Error when it is no event socket that speaks.
 */
export class Frames {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Frame[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== null; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | null {
    const end = this.#bytes.indexOf('\n\n');
    if (end < 0 && this.#bytes.length > MOST_BYTES) throw new Error('no end of the headers');
    if (end < 0) return null;
    const headers = headersOf(this.#bytes.toString('utf8', 0, end));
    const length = Number(headers.get('content-length') ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > MOST_BYTES) throw new Error('a length that cannot be');
    const from = end + 2;
    if (this.#bytes.length < from + length) return null;
    const body = this.#bytes.toString('utf8', from, from + length);
    this.#bytes = this.#bytes.subarray(from + length);
    return { headers, body };
  }
}

const headersOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value] = LINE.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
    }),
  );
