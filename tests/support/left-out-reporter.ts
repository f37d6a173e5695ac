import type { Reporter, TestModule } from 'vitest/node';
import { leftOut } from './doors.ts';

/** Says at the end of a run which tests had no server to run on: silence would look as if they had passed. */
export default class LeftOutReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')].map((test) => test.fullName));
    for (const line of leftOut(skipped)) console.log(`\n${line}`);
  }
}
