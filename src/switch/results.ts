import type { SwitchResult } from '../call/switch.ts';

export const OK: SwitchResult = { ok: true };

type Why = Extract<SwitchResult, { ok: false }>['why'];

export const failed = (why: Why, detail: string): SwitchResult => ({ ok: false, why, detail });
