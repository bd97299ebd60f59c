import { setImmediate as turn } from "node:timers/promises"

/** Documents between two turns of the loop. */
const atOnce = 16

/**
 * One document after the other. Each is made of a few short reads on the engine's own thread; of a long page the runs
 * that go on meanwhile get their turns in between.
 */
export async function inTurns<Row, Document>(
  rows: readonly Row[],
  make: (row: Row, index: number) => Promise<Document>,
): Promise<Document[]> {
  const documents: Document[] = []
  for (const [index, row] of rows.entries()) {
    if (index % atOnce === atOnce - 1) await turn()
    documents.push(await make(row, index))
  }
  return documents
}
