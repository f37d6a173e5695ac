/** Carriers by the addresses they send from. `addresses` are of IPv4, with or without a prefix length. */
export interface EdgeTrunk {
  readonly name: string;
  readonly addresses: readonly string[];
}

interface Origin {
  readonly address: string;
  readonly port: number;
}

export type Sender =
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'trunk'; readonly name: string }
  /** A phone, or anybody: what it may is up to its password. */
  | { readonly kind: 'outside' };

interface Known {
  /** Nodes by `address:port`, as they answered the edge. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly trunks: readonly EdgeTrunk[];
}

/** Who sent a request, by where it came from. An address that is a node's is never taken for a trunk's. */
export function senderAt({ address, port }: Origin, { nodes, trunks }: Known): Sender {
  const node = nodes.get(`${address}:${port}`);
  if (node !== undefined) return { kind: 'node', name: node };
  const trunk = trunks.find(({ addresses }) => addresses.some((each) => isWithin(address, each)));
  return trunk ? { kind: 'trunk', name: trunk.name } : { kind: 'outside' };
}

function isWithin(address: string, range: string): boolean {
  const [base = '', length = '32'] = range.split('/');
  const [ours, theirs] = [numberOf(address), numberOf(base)];
  if (ours === null || theirs === null) return address === range;
  const size = 2 ** (32 - Number(length));
  return Math.floor(ours / size) === Math.floor(theirs / size);
}

const numberOf = (address: string): number | null =>
  /^(?:\d{1,3}\.){3}\d{1,3}$/u.test(address)
    ? address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    : null;
