import type { FastifyReply } from 'fastify';
import { z } from 'zod';

const wav = z.unknown().meta({ type: 'string', format: 'binary' });

/** The answer of a route that gives out what somebody said. */
export const audio = { description: 'WAV', content: { 'audio/wav': { schema: wav } } };

/** It is for this listener alone, and for now: no cache keeps it. */
export const sendAudio = (reply: FastifyReply, bytes: Uint8Array) =>
  reply.type('audio/wav').header('cache-control', 'no-store').send(Buffer.from(bytes));
