import { describe, expect, test } from "vitest"
import { isSampledAway, type SamplingRule, samplingProblems } from "./sampling.ts"

const of = (...rules: SamplingRule[]) => ({ afterHours: 24, rules })
const run = (number: number, workflowId = "tick_a") => ({
  runId: `run_01M80${number.toString(36).toUpperCase().padStart(10, "0")}`,
  workflowId,
})

describe("of completed runs", () => {
  test("about one in so many is kept, and always the same ones", () => {
    const sampling = of({ workflow: "tick_*", keepOneIn: 10 })
    const away = () => Array.from({ length: 10_000 }, (_, n) => n).filter((n) => isSampledAway(sampling, run(n)))
    expect(away().length).toBeGreaterThan(8_800)
    expect(away().length).toBeLessThan(9_200)
    expect(away()).toEqual(away())
  })

  test("none of another workflow goes, and the first rule that fits is the one", () => {
    const numbers = Array.from({ length: 100 }, (_, n) => n)
    const gone = (workflowId: string, ...rules: SamplingRule[]) =>
      numbers.filter((n) => isSampledAway(of(...rules), run(n, workflowId))).length
    expect(gone("pay", { workflow: "tick_*", keepOneIn: 1_000_000 })).toBe(0)
    expect(gone("tick_a", { workflow: "tick_", keepOneIn: 1_000_000 })).toBe(0)
    const half = gone("tick_a", { workflow: "tick_a", keepOneIn: 2 }, { workflow: "*", keepOneIn: 1_000_000 })
    expect(half).toBeGreaterThan(30)
    expect(half).toBeLessThan(70)
  })
})

test.each([
  [5, ["/sampling"]],
  [{ afterHours: 24, rules: [] }, ["/sampling/rules"]],
  [{ afterHours: 1.5, rules: [3], after: 1 }, ["/sampling/after", "/sampling/afterHours", "/sampling/rules/0"]],
  [
    { afterHours: 0, rules: [{ workflow: "a*b", keepOneIn: 1, keep: 2 }] },
    ["/sampling/rules/0/keep", "/sampling/rules/0/workflow", "/sampling/rules/0/keepOneIn"],
  ],
  [{ afterHours: 0, rules: [{ workflow: "*", keepOneIn: 1_000_000 }] }, []],
  [null, []],
])("what is no sampling is said with its place: %j", (written, pointers) => {
  expect(samplingProblems(written).map(({ pointer }) => pointer)).toEqual(pointers)
})
