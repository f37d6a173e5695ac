import { CROWD_DESKS, type House } from './house.ts';

/** Adds so many agents for the queue `crowd`, each with a phone of his own, and logs them in. */
export async function staffCrowd({ api, ready }: House, count: number): Promise<void> {
  const staff = CROWD_DESKS.slice(0, count).map((phone) => ({ id: `a${phone}`, phone }));
  for (const { id, phone } of staff) {
    await api.saveAgent({ id, phone, name: id, skills: {}, queues: ['crowd'], campaigns: [] });
  }
  await ready(...staff.map(({ id }) => id));
}

/** Callers of the queue `crowd`, numbered in the order of calling. */
export const crowdStories = (count: number, patienceMs?: number) =>
  Array.from({ length: count }, (_, index) => ({
    to: '502',
    from: String(7101 + index),
    ...(patienceMs !== undefined && { patienceMs }),
  }));
