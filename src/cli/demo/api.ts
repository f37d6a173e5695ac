import type { Callwright } from '../../main.ts';

/** Calls the running Callwright's own API, as any client would. */
export function api({ apiUrl, adminToken }: Callwright) {
  return async <T = unknown>(method: string, path: string, body?: unknown, type = 'application/json'): Promise<T> => {
    const headers: Record<string, string> = { authorization: `Bearer ${adminToken ?? ''}` };
    if (body !== undefined) headers['content-type'] = type;
    const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await fetch(`${apiUrl}${path}`, { method, headers, body: sent });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text}`);
    const json = reply.headers.get('content-type')?.includes('json');
    return (json ? JSON.parse(text) : text) as T;
  };
}
