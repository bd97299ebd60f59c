import type { Engine } from "@waybill/engine"
import { expect, test } from "vitest"
import { knownStep } from "./known-step.ts"

/** Three versions, the newest first. */
const placesOf: Readonly<Record<string, readonly string[]>> = {
  new: ["pay", "ship"],
  older: ["pay", "pack"],
  old: ["mend"],
}

function engineOf(read: string[]): Engine {
  return {
    definitions: {
      environments: () => ["default"],
      versions: async (_environment: string, _id: string, most: number) => {
        const found = Object.keys(placesOf).slice(0, most)
        read.push(...found)
        return found.map((hash) => ({ hash }))
      },
    },
    insights: { places: async (hash: string) => placesOf[hash]!.map((place) => ({ place })) },
  } as unknown as Engine
}

test("a step of the newest version is known by that one alone, however many watch it", async () => {
  const read: string[] = []
  await knownStep(engineOf(read), "w", null, "ship")
  expect(read).toEqual(["new"])
})

test("a step that only an older version has is known too, and one of none is told what was meant", async () => {
  await knownStep(engineOf([]), "w", null, "mend")
  await expect(knownStep(engineOf([]), "w", null, "shp")).rejects.toMatchObject({
    code: "step_not_found",
    extras: { hint: "Did you mean ship?" },
  })
})
