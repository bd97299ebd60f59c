import { describe, expect, it } from "vitest"
import { parseDefinition } from "../definition/index.ts"
import { EVERYTHING } from "../definition/language/everything.fixture.ts"
import { definitionPlaces, stepPlace } from "./definition-places.ts"

describe("the places of a definition", () => {
  const { definition } = parseDefinition(EVERYTHING, { format: "yaml", agents: null })
  const places = definitionPlaces(definition!)

  it("are all its states in the order of the text, outer ones before those inside them", () => {
    expect(places.slice(0, 2).map(({ place }) => place)).toEqual(["set", "set.cancel/tidy"])
    expect(places.map(({ place }) => place)).toEqual(
      expect.arrayContaining([
        "both",
        "both/left/l",
        "both/right/r",
        "each",
        "each/i",
        "refine.do/w",
        "careful.try/t",
        "careful.finally/f",
      ]),
    )
    expect(places.filter(({ isTop }) => isTop).map(({ name }) => name)).toEqual([...definition!.block.states.keys()])
  })

  it.each([
    [{ branchPath: "", name: "check" }, "check"],
    [{ branchPath: "each[3]", name: "i" }, "each/i"],
    [{ branchPath: "each#2[13]", name: "i" }, "each/i"],
    [{ branchPath: "both/left", name: "l" }, "both/left/l"],
    [{ branchPath: "refine.do[2]", name: "w" }, "refine.do/w"],
    [{ branchPath: "careful.finally", name: "f" }, "careful.finally/f"],
    [{ branchPath: "both#3/left/each[1]", name: "i" }, "both/left/each/i"],
  ])("%o is a step of %s, whichever item, round or visit", (row, place) => {
    expect(stepPlace(row)).toBe(place)
  })
})
