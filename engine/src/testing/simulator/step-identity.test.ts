/**
 * A step's identity is its place (rule 4): over whole runs of random definitions two places never share an id, and a
 * place has the same id whatever happens on the way to it. The places are worked out here from the events alone.
 */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { RunEvent } from "../../core/run/events.ts"
import { type Frame, stepId } from "../../core/run/place.ts"
import { hashing } from "./hashing.ts"
import { simulate } from "./simulation.ts"

const seeds = 600

/** Each visited place in words of its own, with the step id it had. */
function placesOf(events: readonly RunEvent[]): [place: string, stepId: string][] {
  const scopes = new Map([["", ""]])
  const steps = new Map<string, string>()
  const places: [string, string][] = []
  for (const { type, stepId, payload } of events) {
    if (type === "state.entered") {
      const place = `${scopes.get(payload.scope)} > ${payload.name} visit ${payload.visit}`
      steps.set(stepId!, place)
      places.push([place, stepId!])
    }
    if (type === "branch.started") scopes.set(payload.scope, `${steps.get(stepId!)} branch ${payload.name}`)
    if (type === "item.started") scopes.set(payload.scope, `${steps.get(stepId!)} item ${payload.index}`)
    if (type === "block.started") scopes.set(payload.scope, `${steps.get(stepId!)} ${payload.kind} ${payload.index}`)
  }
  return places
}

describe("over all random definitions", () => {
  test("two places of a run never share a step id, and no run shares one with another", {
    timeout: 120_000,
  }, async () => {
    let nested = 0
    let again = 0
    for (let seed = 1; seed <= seeds; seed++) {
      const owners = new Map<string, string>()
      for (const [runId, events] of (await simulate({ seed })).histories()) {
        const places = placesOf(events)
        expect(new Set(places.map(([place]) => place)).size, `seed ${seed}: a place is entered twice`).toBe(
          places.length,
        )
        for (const [place, id] of places) {
          expect(owners.get(id), `seed ${seed}: ${id} is ${place} of ${runId}, too`).toBeUndefined()
          owners.set(id, `${place} of ${runId}`)
          if (place.includes(" item ") || place.includes(" branch ")) nested++
          if (/visit [2-9].* > /.test(place)) again++
        }
      }
    }
    // What makes places collide has come up: equal names in other scopes, and scopes that are entered a second time.
    expect(nested).toBeGreaterThan(500)
    expect(again).toBeGreaterThan(20)
  })

  test("crashes, lost agents, retries and reloads change no place's step id", { timeout: 120_000 }, async () => {
    let compared = 0
    for (let seed = 1; seed <= seeds; seed++) {
      const { definitions, histories } = await simulate({ seed })
      // The same definitions in the weather of another seed.
      const others = (await simulate({ seed: seed + seeds, definitions })).histories()
      for (const [runId, events] of histories()) {
        const before = new Map(placesOf(events))
        for (const [place, id] of placesOf(others.get(runId) ?? [])) {
          const known = before.get(place)
          if (known === undefined) continue
          expect(id, `seed ${seed}: ${place}`).toBe(known)
          compared++
        }
      }
    }
    expect(compared).toBeGreaterThan(500)
  })

  test("a retry is the same step: attempts rise under one id, and each was entered once", {
    timeout: 120_000,
  }, async () => {
    let retries = 0
    for (let seed = 1; seed <= seeds; seed++) {
      for (const events of (await simulate({ seed })).histories().values()) {
        const attempts = new Map<string, number>()
        for (const { type, stepId, payload } of events) {
          if (type === "state.entered") attempts.set(stepId!, 0)
          if (type !== "step.scheduled") continue
          expect(payload.attempt, `seed ${seed}: ${stepId}`).toBe(attempts.get(stepId!)! + 1)
          attempts.set(stepId!, payload.attempt)
          if (payload.attempt > 1) retries++
        }
      }
    }
    expect(retries).toBeGreaterThan(50)
  })
})

describe("names that look like paths", () => {
  const name = fc.constantFrom("a", "b", "ab", "b1", "1", "a/b", "a[0]", "a#2", "a.try", '","', "")
  const visit = fc.integer({ min: 1, max: 2 })
  const frame: fc.Arbitrary<Frame> = fc.record({
    kind: fc.constantFrom("branch" as const, "item" as const, "try" as const, "do" as const),
    owner: name,
    ownerVisit: visit,
    name,
    index: fc.integer({ min: 0, max: 2 }),
  })
  const place = fc.record({ frames: fc.array(frame, { maxLength: 3 }), state: name, visit })

  /** What sets places apart: a branch has a name, an item and a round have an index. */
  const canonical = (one: { frames: readonly Frame[]; state: string; visit: number }) =>
    JSON.stringify([
      one.frames.map(({ kind, owner, ownerVisit, name, index }) => [
        kind,
        owner,
        ownerVisit,
        kind === "branch" ? name : null,
        kind === "item" || kind === "do" ? index : null,
      ]),
      one.state,
      one.visit,
    ])

  const idOf = (one: { frames: readonly Frame[]; state: string; visit: number }) => {
    const frames = one.frames.map((at) => ({ ...at, name: at.kind === "branch" ? at.name : "" }))
    return stepId(hashing.sha256, "run_1", frames, one.state, one.visit)
  }

  test("do not make two places one", () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        expect(idOf(one) === idOf(other)).toBe(canonical(one) === canonical(other))
      }),
      { numRuns: 2_000 },
    )
  })
})
