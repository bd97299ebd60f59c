import { expect, test } from "vitest"
import { exportName, exportParts, joinedFiles } from "./export-runs.ts"

test("many runs that were named are asked for in parts; all that match in one", () => {
  const ids = new Set(Array.from({ length: 450 }, (_, at) => `run_${at}`))
  const parts = exportParts({ kind: "some", ids }, "csv")
  expect(parts.map(({ runIds }) => (runIds as string[]).length)).toEqual([200, 200, 50])
  expect(exportParts({ kind: "all", query: "tag:x" }, "json")).toEqual([{ format: "json", query: "tag:x" }])
})

test("the parts are one file again", () => {
  expect(joinedFiles(["id,status\r\na,x\r\n", "id,status\r\nb,y\r\n"], "csv")).toBe("id,status\r\na,x\r\nb,y\r\n")
  expect(joinedFiles(['[{"a":1}]', "[]", '[{"b":2}]'], "json")).toBe('[{"a":1},{"b":2}]')
  expect(joinedFiles(['{"a":1}\n', '{"b":2}\n'], "ndjson")).toBe('{"a":1}\n{"b":2}\n')
})

test("its name says when it was made, without a sign that a file system refuses", () => {
  expect(exportName("csv", new Date("2026-11-21T12:00:03.412Z"))).toBe("waybill-runs-2026-11-21T12-00-03Z.csv")
})
