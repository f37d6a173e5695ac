import { styleText } from 'node:util';
import type { CampaignWhy } from '../engine/ports/campaigns.ts';
import { wrapped } from './screen.ts';

const MARK = { pass: 'ok', fail: 'NO' } as const;
const MARGIN = 4;

/** The answer on top, then each gate with what is so. */
export function gateLines(
  { headline, gates }: Pick<CampaignWhy, 'headline' | 'gates'>,
  width: number,
): readonly string[] {
  const rows = gates.flatMap(({ pass, text }) => {
    const [first = '', ...rest] = wrapped(text, width, MARGIN);
    const mark = (pass ? MARK.pass : MARK.fail).padEnd(MARGIN);
    return [styleText(pass ? 'dim' : 'bold', mark) + first.slice(MARGIN), ...rest];
  });
  return [...wrapped(headline, width).map((line) => styleText('bold', line)), ...rows];
}
