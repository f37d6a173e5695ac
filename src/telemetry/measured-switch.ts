import type { SwitchPort } from '../engine/ports/switch.ts';
import type { Metrics } from './metrics.ts';

/** The same switch, with the time of every command measured. */
export function measuredSwitch(inner: SwitchPort, metrics: Pick<Metrics, 'commandTook'>): SwitchPort {
  return {
    node: inner.node,
    capabilities: inner.capabilities,
    start: (listener) => inner.start(listener),
    snapshot: () => inner.snapshot(),
    latencyP99Ms: () => inner.latencyP99Ms(),
    knowsPhone: (name) => inner.knowsPhone(name),
    recording: (id) => inner.recording(id),
    discard: (id) => inner.discard(id),
    stop: () => inner.stop(),
    do: async (command) => {
      const began = performance.now();
      const result = await inner.do(command);
      metrics.commandTook(command.type, result, performance.now() - began);
      return result;
    },
  };
}
