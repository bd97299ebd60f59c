// @vitest-environment happy-dom
import type { UseQueryResult } from "@tanstack/react-query"
import { ProblemError, UnreachableError } from "@waybill/sdk"
import { afterEach, expect, test } from "vitest"
import { render, unmountAll } from "../ui/testing/render.tsx"
import { Loaded } from "./Loaded.tsx"

afterEach(unmountAll)

const silence = new UnreachableError("http://127.0.0.1:7420", new TypeError("Failed to fetch"))
const refusal = (status: number, code: string) =>
  new ProblemError({ type: "", title: "No", status, code, detail: "no", instance: "", requestId: "r1" })

async function said(query: { data?: string; error?: unknown; errorUpdateCount?: number }, missing?: string) {
  const asked = { error: null, errorUpdateCount: 0, refetch: () => {}, ...query } as unknown as UseQueryResult<string>
  await render(
    <Loaded query={asked} what="The run" missing={missing}>
      {(data) => <p>{data}</p>}
    </Loaded>,
  )
  return document.body.textContent
}

test("while the server is away what is shown stays, without a word of its own", async () => {
  expect(await said({ data: "all of it", error: silence })).toBe("all of it")
  expect(await said({ data: "all of it", error: refusal(503, "draining") })).toBe("all of it")
})

test("what is not here yet says so in one line, and the same line while it is asked for again", async () => {
  const line = await said({ error: silence })
  expect(line).toContain("The run could not be loaded yet")
  expect(await said({ errorUpdateCount: 1 })).toBe(line)
})

test("a renewal that is refused is called one, beside what is shown", async () => {
  const words = await said({ data: "all of it", error: refusal(500, "internal_error") })
  expect(words).toContain("The run could not be renewed: No")
  expect(words).toContain("all of it")
})

test("what there is none of is told with the way on; what was taken away while it was shown stays", async () => {
  expect(await said({ error: refusal(404, "run_not_found") }, "None. All runs")).toBe("None. All runs")
  const words = await said({ data: "all of it", error: refusal(404, "run_not_found") }, "None. All runs")
  expect(words).toContain("The run is no longer on the server")
  expect(words).toContain("all of it")
  expect(words).not.toContain("None")
})
