import { beforeEach, expect, test, vi } from "vitest"
import { KeyRegistry, keyName, type Press } from "./registry.ts"

let isOn = true
let now = 0
let keys: KeyRegistry
beforeEach(() => {
  isOn = true
  now = 0
  keys = new KeyRegistry({ areOn: () => isOn, now: () => now })
})

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false }
const press = (key: string, more: Partial<Press> = {}) =>
  keys.press({ ...none, key, inField: false, inDialog: false, ...more })
const add = (title: string, names: readonly string[], more: { isLayer?: boolean; inFields?: boolean } = {}) => {
  const run = vi.fn<(name: string) => void>()
  const { inFields, ...group } = more
  const bindings = names.map((name) => [name, { label: name, run: () => run(name), ...(inFields && { inFields }) }])
  return { run, remove: keys.add({ title, bindings: Object.fromEntries(bindings), ...group }) }
}

test("a key does what the one who is shown now says, and nothing when nobody has it", () => {
  const runs = add("Runs", ["j", "Space"])
  expect(press("j")).toBe(true)
  expect(press(" ")).toBe(true)
  expect(press("x")).toBe(false)
  expect(runs.run.mock.calls).toEqual([["j"], ["Space"]])
  runs.remove()
  expect(press("j")).toBe(false)
})

test("two keys one after the other are one key; too slow, and they are not", () => {
  const { run } = add("Everywhere", ["g r", "g a", "r"])
  press("g")
  press("a")
  expect(run).toHaveBeenLastCalledWith("g a")
  press("g")
  now = 2_000
  press("r")
  expect(run).toHaveBeenLastCalledWith("r")
})

test("in a field a letter is a letter; a chord that says so holds there too", () => {
  const { run } = add("Runs", ["j", "?"])
  const everywhere = add("Everywhere", ["Mod+K"], { inFields: true })
  expect(press("j", { inField: true })).toBe(false)
  expect(press("?", { inField: true, shiftKey: true })).toBe(false)
  expect(press("k", { inField: true, metaKey: true })).toBe(true)
  expect(run).not.toHaveBeenCalled()
  expect(everywhere.run).toHaveBeenCalledWith("Mod+K")
})

test("switched off, single keys are silent and chords are not", () => {
  const { run } = add("Everywhere", ["g r", "?", "Mod+K"])
  isOn = false
  expect([press("?"), press("g"), press("r")]).toEqual([false, false, false])
  expect(press("k", { ctrlKey: true })).toBe(true)
  expect(run).toHaveBeenCalledTimes(1)
})

test("an open layer silences what lies under it", () => {
  const page = add("Runs", ["c", "Escape"])
  const layer = add("Cancel the run", ["Escape"], { isLayer: true })
  expect(press("c")).toBe(false)
  expect(press("Escape")).toBe(true)
  expect(layer.run).toHaveBeenCalledTimes(1)
  layer.remove()
  expect(press("c")).toBe(true)
  expect(page.run.mock.calls).toEqual([["c"]])
})

test("in a dialog that has registered nothing, single keys of the page are silent", () => {
  add("Runs", ["c"])
  expect(press("c", { inDialog: true })).toBe(false)
})

test("a key that is refused now is taken and does nothing", () => {
  const run = vi.fn()
  keys.add({ title: "Run", bindings: { c: { label: "Cancel", run, refused: "it has ended" } } })
  expect(press("c")).toBe(true)
  expect(run).not.toHaveBeenCalled()
  expect(keys.list()).toEqual([{ title: "Run", keys: [{ keys: "c", label: "Cancel", run, refused: "it has ended" }] }])
})

test("the later one wins, and the sheet lists a key once", () => {
  add("Everywhere", ["g r", "e"])
  add("Runs", ["e", "j"])
  expect(keys.list().map(({ title, keys: shown }) => [title, shown.map((key) => key.keys)])).toEqual([
    ["Runs", ["e", "j"]],
    ["Everywhere", ["g r"]],
  ])
})

test("keys are named as people write them", () => {
  expect(keyName({ ...none, key: "a" })).toBe("a")
  expect(keyName({ ...none, key: "A", shiftKey: true })).toBe("Shift+A")
  expect(keyName({ ...none, key: "?", shiftKey: true })).toBe("?")
  expect(keyName({ ...none, key: "k", metaKey: true })).toBe("Mod+K")
  expect(keyName({ ...none, key: "Enter", ctrlKey: true })).toBe("Mod+Enter")
  expect(keyName({ ...none, key: " " })).toBe("Space")
})
