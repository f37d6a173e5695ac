/**
 * The yardstick: the least that a call can cost over ARI. Answers and hangs up, two requests, and knows nothing else.
 * Forked by the bench with two arguments: the address of ARI and the name of the application.
 */
const [address = '', app = ''] = process.argv.slice(2);
const { origin, username, password } = new URL(address);
const key = `${username}:${decodeURIComponent(password)}`;
const authorization = `Basic ${Buffer.from(key).toString('base64')}`;

const query = new URLSearchParams({ app, api_key: key });
const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/ari/events?${query.toString()}`);
socket.addEventListener('open', () => process.send?.('ready'));
socket.addEventListener('close', () => process.exit(1));
socket.addEventListener('message', ({ data }) => {
  const event = JSON.parse(String(data)) as { type: string; channel?: { id: string } };
  if (event.type === 'StasisStart' && event.channel) void serve(event.channel.id);
});

async function serve(channelId: string): Promise<void> {
  const channel = `${origin}/ari/channels/${encodeURIComponent(channelId)}`;
  await request('POST', `${channel}/answer`);
  await request('DELETE', channel);
}

async function request(method: string, url: string): Promise<void> {
  const reply = await fetch(url, { method, headers: { authorization } });
  await reply.body?.cancel();
}

process.on('disconnect', () => process.exit(0));
