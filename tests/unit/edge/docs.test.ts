import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readEdgeFile } from '../../../src/config/edge.ts';
import { EDGE_METRICS, edgeMetrics } from '../../../src/telemetry/edge-metrics.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const page = read('docs/edge.md');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cw-edge-docs-'));
  writeFileSync(join(folder, 'accounts.txt'), '1001 secret\n', { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const judged = (text: string) => {
  writeFileSync(join(folder, 'edge.yaml'), text);
  return readEdgeFile(join(folder, 'edge.yaml'));
};

describe('docs/edge.md', () => {
  it('shows a site file that is one, with the defaults that there are', () => {
    const shown = /```yaml\n([^]*?)```/u.exec(page)?.[1] ?? '';
    const whole = judged(shown);
    expect(whole).toMatchObject({ ok: true });
    const bare = judged(`accounts: accounts.txt\nnodes: [{ name: a, address: a }]\n`);
    if (!whole.ok || !bare.ok) throw new Error('refused');
    expect(whole.file.limits).toEqual(bare.file.limits);
    expect([whole.file.realm, whole.file.opinion]).toEqual([bare.file.realm, bare.file.opinion]);
  });

  it('lists every metric with its meaning, and a scrape has them', async () => {
    const rows = [...page.matchAll(/^\| `(callwright_edge_\w+)` \| (.*) \|$/gmu)].map(([, name, help]) => [name, help]);
    expect(Object.fromEntries(rows)).toEqual(EDGE_METRICS);
    const sight = {
      isConnected: true,
      nodes: [{ name: 'one', isUp: true, isDraining: false, calls: 3 }],
      counts: { 'ban scanner': 2 },
      banned: ['192.0.2.1'],
    };
    const text = await edgeMetrics(() => sight).render();
    expect(text).toContain('callwright_edge_node_calls{node="one"} 3');
    expect(text).toContain('callwright_edge_count{what="ban",label="scanner"} 2');
    expect(text).toContain('callwright_edge_banned_sources 1');
    for (const name of Object.keys(EDGE_METRICS)) expect(text).toContain(`# TYPE ${name} gauge`);
    expect(text).not.toContain('192.0.2.1');
  });

  it('names files that are there', () => {
    const files = [...page.matchAll(/`((?:docker|tests)\/[\w./-]+)`/gu)].map(([, path = '']) => path);
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

interface Service {
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[];
  readonly networks?: { readonly sip?: { readonly ipv4_address: string } };
}

describe('docker/edge', () => {
  const { services } = parse(read('docker/edge/compose.yaml'), { merge: true }) as {
    services: Record<string, Service>;
  };
  const address = (name: string): string => services[name]?.networks?.sip?.ipv4_address ?? 'none';

  it('has a site file that is one, with the addresses of the composition', () => {
    const reading = judged(read('docker/edge/edge.yaml'));
    if (!reading.ok) throw new Error(reading.problems.join('\n'));
    expect(reading.file.opinion.host).toBe(address('edge'));
    expect(reading.file.nodes.map(({ host }) => host)).toEqual([address('asterisk-1'), address('asterisk-2')]);
    expect(read('docker/edge/pjsip.conf')).toContain(`@${address('drachtio')}:5060`);
    expect(services['edge']?.command?.slice(0, 3)).toEqual(['node', 'src/cli/main.ts', 'edge']);
  });

  it('mounts files that are there and needs services that it has', () => {
    for (const { volumes = [], depends_on: needs = [] } of Object.values(services)) {
      const files = volumes.filter((mount) => mount.startsWith('./')).map((mount) => mount.split(':')[0] ?? '');
      for (const file of files) expect(existsSync(join(ROOT, 'docker/edge', file)), file).toBe(true);
      for (const need of needs) expect(Object.keys(services)).toContain(need);
    }
  });

  it('lets Asterisk know a carrier before it looks at who the caller says he is', () => {
    expect(read('docker/edge/pjsip.conf')).toMatch(/^endpoint_identifier_order=header,username$/mu);
    expect(read('docker/edge/drachtio.conf.xml')).toContain('<cdrs>true</cdrs>');
  });
});
