import { collect } from './collect.ts';
import { language } from './language.ts';
import { menu } from './menu.ts';
import { pin } from './pin.ts';
import { play } from './play.ts';
import { record } from './record.ts';
import { speech } from './speech.ts';

/** Nodes that speak and listen. */
export const INPUT_KINDS = [play, menu, collect, pin, record, language, speech] as const;
