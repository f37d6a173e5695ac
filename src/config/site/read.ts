import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSite, type SiteFile, type SiteReading } from './load.ts';

/**
 * Reads a site from disk: every YAML file below `flowsFolder`, and of `soundsFolder` each language's prompt list.
 *
 * @throws the file system's own error when a folder or file cannot be read.
 */
export async function readSite(flowsFolder: string, soundsFolder: string): Promise<SiteReading> {
  const flows = await yamlFiles(flowsFolder, (path) => !path.endsWith('.test.yaml'));
  const prompts = await yamlFiles(soundsFolder, (path) => path.endsWith('/prompts.yaml'));
  return loadSite([...flows, ...prompts.map(({ path, text }) => ({ path: `sounds/${path}`, text }))]);
}

async function yamlFiles(folder: string, wanted: (path: string) => boolean): Promise<readonly SiteFile[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.yaml') && wanted(name));
  return Promise.all(paths.sort().map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') })));
}
