/** Runs are counted per definition (settled 1). A start that is refused leaves its number unused. */
import { executionNumberKey, type RunStore } from "../ports/store.ts"

export class ExecutionNumbers {
  readonly #next: Map<string, number>

  constructor(next: ReadonlyMap<string, number>) {
    this.#next = new Map(next)
  }

  static async read(store: RunStore): Promise<ExecutionNumbers> {
    return new ExecutionNumbers(await store.executionNumbers())
  }

  take(workspaceId: string, environment: string, workflowId: string): number {
    const key = executionNumberKey(workspaceId, environment, workflowId)
    const number = this.#next.get(key) ?? 1
    this.#next.set(key, number + 1)
    return number
  }
}
