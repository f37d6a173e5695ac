import type { Page } from '../../engine/ports/history.ts';

const MAX_PAGE = 200;

/** Rows a page may have, whatever it asks for. */
export const pageSize = ({ limit }: Page): number => Math.max(1, Math.min(MAX_PAGE, limit));
