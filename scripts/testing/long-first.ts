/**
 * In which order test files are begun. A fresh clone knows no times, and by size alone a short file that kills servers for
 * a minute came last, with one processor idle beside it. What starts browsers goes first, then what starts processes: so
 * the many small files are what fills the end.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node"

const FIRST = ["test/browser/", "test/e2e/", "test/chaos/", "test/docs/", "cli/src/process"]

/** @returns 0 for what is begun first; the same number for what is left in the order it has. */
export function turnOf(file: string): number {
  const turn = FIRST.findIndex((part) => file.includes(`/${part}`))
  return turn === -1 ? FIRST.length : turn
}

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => turnOf(a.moduleId) - turnOf(b.moduleId))
  }
}
