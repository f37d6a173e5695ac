import { existsSync, readdirSync } from 'node:fs';
import { z } from 'zod';
import { sipAddressOf } from '../../support/drachtio-client.ts';
import { EslClient } from '../../support/esl-client.ts';
import { holdSecondSwitch, secondSwitch } from '../../support/second-switch.ts';
import type { SwitchUnderTest } from './switch-under-test.ts';

const listed = z.object({ rows: z.array(z.object({ uuid: z.string() })).default([]) });
const rooms = z.array(z.object({ conference_name: z.string() }));

/**
 * The first drachtio and the first FreeSWITCH that the settings name, held until `stop`.
 *
 * @param spool the folder that Callwright lets FreeSWITCH write recordings to.
 * @throws Error when the settings name none.
 */
export async function holdFreeswitch(spool: string): Promise<SwitchUnderTest> {
  const servers = secondSwitch();
  if (!servers) {
    throw new Error(
      'FreeSWITCH is to be tested, but DRACHTIO_URL and FREESWITCH_URL are not both set (docs/freeswitch.md)',
    );
  }
  const [[edge], [media]] = [servers.drachtio, servers.freeswitch];
  const release = await holdSecondSwitch();
  const api = async (command: string): Promise<string> => {
    const client = await EslClient.logIn(media);
    const answer = await client.api(command);
    await client.close();
    return answer;
  };
  const url = (protocol: string, { secret, host, port }: typeof edge) =>
    `${protocol}://:${encodeURIComponent(secret)}@${host}:${port}`;
  const notOurs = () => Promise.reject(new Error('this FreeSWITCH is not ours to end'));
  return {
    kind: 'freeswitch',
    url: url('esl', media),
    env: { DRACHTIO_URL: url('drachtio', edge), FREESWITCH_URL: url('esl', media) },
    sipAddress: await sipAddressOf(edge),
    channels: async () => listed.parse(JSON.parse(await api('show channels as json'))).rows.map(({ uuid }) => uuid),
    bridges: async () => {
      const answer = await api('conference json_list');
      return answer.startsWith('[') ? rooms.parse(JSON.parse(answer)).map((room) => room.conference_name) : [];
    },
    recordings: async () => (existsSync(spool) ? readdirSync(spool) : []),
    crash: notOurs,
    start: notOurs,
    stop: async () => release(),
  };
}
