import type { Site } from '../../src/engine/site.ts';
import { ENTRY, flowOfNodes } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const CALLER = '+358501112223';

/** A house whose one flow has these nodes, as they stand in a flow file; `bye` is there already. */
export class FlowHouse extends WalkHouse {
  constructor(nodes: string, site: Partial<Site> = {}, beside?: ConstructorParameters<typeof WalkHouse>[1]) {
    super({ ...flowOfNodes(nodes), ...site }, beside);
  }

  caller(from: string | null = CALLER) {
    return this.fake.call({ from, to: ENTRY });
  }

  /** Whatever a tester could read of this house afterwards: journal and log. */
  get traces(): string {
    return [...this.events.map((event) => JSON.stringify(event)), ...this.logged].join('\n');
  }

  left(node: string): readonly string[] {
    return this.eventsOf('flow.node.left').flatMap(({ data }) => (data.node === node ? [data.outcome] : []));
  }
}
