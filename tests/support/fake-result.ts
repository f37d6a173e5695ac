import type { SwitchResult } from '../../src/call/switch.ts';

export const OK: SwitchResult = { ok: true };

export const failed = (
  why: Extract<SwitchResult, { ok: false }>['why'],
  detail: string = why,
): Extract<SwitchResult, { ok: false }> => ({ ok: false, why, detail });
