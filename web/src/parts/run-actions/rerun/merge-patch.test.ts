import { describe, expect, test } from "vitest"
import { mergePatchOf } from "./merge-patch.ts"

const input = { order: { id: "A-1", lines: [1, 2] }, note: null, rush: false }

describe("what a re-run sends of an edited input", () => {
  test("nothing when nothing differs, whatever the order of the fields", () => {
    expect(mergePatchOf(input, { rush: false, note: null, order: { lines: [1, 2], id: "A-1" } })).toEqual({
      ok: true,
      patch: null,
    })
  })

  test("only what was added, changed or taken away; a list as a whole", () => {
    const edited = { order: { id: "A-1", lines: [1, 3], gift: true }, note: null }
    expect(mergePatchOf(input, edited)).toEqual({
      ok: true,
      patch: { rush: null, order: { lines: [1, 3], gift: true } },
    })
  })

  test("a null that was not there before cannot be sent, and is said with its place", () => {
    expect(mergePatchOf(input, { ...input, order: { ...input.order, id: null } })).toMatchObject({
      ok: false,
      message: expect.stringContaining("order.id"),
    })
    expect(mergePatchOf(input, { ...input, new: { deep: null } })).toMatchObject({ ok: false })
    expect(mergePatchOf(input, { ...input, order: { ...input.order, lines: [null] } })).toMatchObject({ ok: true })
  })

  test("an input that is no object is refused", () => {
    expect(mergePatchOf(input, [1])).toMatchObject({ ok: false })
  })
})
