import { expect, test } from "vitest"
import { refusalsOf } from "./allowed.ts"

const active = { status: "active", syncState: "synced" } as const
const admin = { role: "admin", actor: "user:ada" } as const

test("an admin may start and change what is active", () => {
  expect(refusalsOf(active, admin)).toEqual({ start: undefined, change: undefined })
})

test("who lacks the role is told which one it needs", () => {
  const viewer = { role: "viewer", actor: "user:eve" } as const
  expect(refusalsOf(active, viewer)).toEqual({
    start: "This needs the role operator; user:eve has viewer",
    change: "This needs the role admin; user:eve has viewer",
  })
  expect(refusalsOf(active, { role: "operator", actor: "user:joe" }).start).toBe(undefined)
})

test("what is disabled takes no runs, and the reason says what helps", () => {
  expect(refusalsOf({ status: "disabled", syncState: "synced" }, admin).start).toMatch(/enable it first/)
  expect(refusalsOf({ status: "disabled", syncState: "file_missing" }, admin).start).toMatch(/file is gone/)
})
