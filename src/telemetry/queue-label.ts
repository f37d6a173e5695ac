/** A campaign's queue is named after its id, and there is no end of campaigns. */
export const queueLabel = (queue: string): string => (queue.startsWith('campaign:') ? 'campaign' : queue);
