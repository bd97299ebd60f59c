import { expect, test } from "vitest"
import { type RerunDraft, requestOf } from "./rerun-draft.ts"

const draft: RerunDraft = { from: null, versionNumber: null, inputText: null, contextText: "", reason: "  again " }

test("as it was: only the reason is sent", () => {
  expect(requestOf(draft, { a: 1 })).toEqual({ ok: true, body: { reason: "again" } })
})

test("an edited input is sent as what differs, a text that is no JSON not at all", () => {
  expect(requestOf({ ...draft, inputText: '{"a": 2}' }, { a: 1 })).toEqual({
    ok: true,
    body: { reason: "again", inputPatch: { a: 2 } },
  })
  expect(requestOf({ ...draft, inputText: '{"a": 1}' }, { a: 1 })).toEqual({ ok: true, body: { reason: "again" } })
  expect(requestOf({ ...draft, inputText: '{"a": }' }, { a: 1 })).toMatchObject({ ok: false, field: "input" })
})

test("a patch of the context belongs to a state to begin at, and is left out without one", () => {
  const patched = { ...draft, contextText: '{"steps": {"load": null}}' }
  expect(requestOf(patched, {})).toEqual({ ok: true, body: { reason: "again" } })
  expect(requestOf({ ...patched, from: "book", versionNumber: 3 }, {})).toEqual({
    ok: true,
    body: { reason: "again", from: "book", version: 3, contextPatch: { steps: { load: null } } },
  })
  expect(requestOf({ ...patched, from: "book", contextText: "[]" }, {})).toMatchObject({ ok: false, field: "context" })
})

test("an edited input belongs to the start, and is kept back while a state is chosen", () => {
  const edited = { ...draft, inputText: '{"a": 2}' }
  expect(requestOf({ ...edited, from: "failed" }, { a: 1 })).toEqual({
    ok: true,
    body: { reason: "again", from: "failed" },
  })
})

test("before somebody has said why, the plan is asked for all the same", () => {
  expect(requestOf({ ...draft, reason: " " }, {})).toEqual({ ok: true, body: { reason: "not said yet" } })
})
