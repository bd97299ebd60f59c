import { describe, expect, it } from "vitest"
import { ContextNode } from "../../core/run/context.ts"
import type { RunState } from "../../core/run/state.ts"
import { BlobRef } from "../../core/run/stored.ts"
import { type ContextTextPorts, contextNow, hereMax } from "./context-text.ts"

const stateOf = (entries: { readonly [key: string]: unknown }, contextBytes: number) => {
  const context = new ContextNode(null, false)
  for (const [key, value] of Object.entries(entries)) context.entries.set(key, value as never)
  return { context, contextBytes } as RunState
}

/** Says who was asked for what. */
function ports(part: { readonly memory?: RunState; readonly stored?: RunState }) {
  const asked: string[] = []
  const made: ContextTextPorts = {
    store: { blobs: async (hashes) => new Map(hashes.map((hash) => [hash, `"the value ${hash}"`])) },
    insights: {
      contextTextAt: async () => null,
      contextTextNow: async () => {
        asked.push("reader")
        return ['{"from":"reader","big":', { blob: "b1" }, "}"]
      },
    },
    look: async (_runId, use) => {
      asked.push("look")
      return use(part.stored ?? null)
    },
    peek: () => part.memory ?? null,
  }
  return { asked, made }
}

describe("the context of a run's page", () => {
  const few = { runId: "run_1", seq: hereMax.events }
  const many = { runId: "run_1", seq: hereMax.events + 1 }

  it("comes from memory while it is small, however long the run is", async () => {
    const { made, asked } = ports({ memory: stateOf({ a: 1, big: new BlobRef("b2", 90_000) }, 100) })
    expect(JSON.parse(await contextNow(made, many))).toEqual({ a: 1, big: "the value b2" })
    expect(asked).toEqual([])
  })

  it("of a long run is never loaded, folded or put into text on the engine's thread", async () => {
    const { made, asked } = ports({ stored: stateOf({ a: 1 }, 100) })
    expect(JSON.parse(await contextNow(made, many))).toEqual({ from: "reader", big: "the value b1" })
    expect(asked).toEqual(["reader"])
  })

  it("that is large is not put into text there either, though it is in memory", async () => {
    const { made, asked } = ports({ memory: stateOf({ a: 1 }, hereMax.contextBytes + 1) })
    await contextNow(made, many)
    expect(asked).toEqual(["reader"])
  })

  it("of a short run is read where the run is", async () => {
    const { made, asked } = ports({ stored: stateOf({ a: 1 }, hereMax.contextBytes) })
    expect(await contextNow(made, few)).toBe('{"a":1}')
    expect(asked).toEqual(["look"])
  })

  it("is what its events tell when the run cannot be loaded", async () => {
    const { made, asked } = ports({})
    await contextNow(made, few)
    expect(asked).toEqual(["look", "reader"])
  })
})
