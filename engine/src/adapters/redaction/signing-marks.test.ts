import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { signingMarks } from "./signing-marks.ts"

const folder = mkdtempSync(join(tmpdir(), "waybill-marks-"))
afterAll(() => rmSync(folder, { recursive: true }))

test("what was signed stands beside the key, once, also behind a line that a crash cut off", () => {
  const marks = signingMarks(join(folder, "redaction.key"))
  expect(marks.has("seals")).toBe(false)
  appendFileSync(marks.file, "\nsea")
  expect(marks.has("seals")).toBe(false)
  for (const what of [["seals", "places"], ["places"]]) marks.add(what)
  expect([marks.has("seals"), marks.has("places"), marks.has("sea")]).toEqual([true, true, true])
  expect(readFileSync(marks.file, "utf8")).toBe("\nsea\nseals\n\nplaces\n")
  expect(marks.file).toBe(join(folder, "redaction.key.signed"))
})
