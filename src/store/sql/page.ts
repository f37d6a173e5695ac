import type { Page } from '../../engine/ports/history.ts';

const MAX_PAGE = 200;

/** Rows a list may have, whatever is asked for. */
export const rowsOf = (limit: number): number => Math.max(1, Math.min(MAX_PAGE, limit));

export const pageSize = ({ limit }: Page): number => rowsOf(limit);
