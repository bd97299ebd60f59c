import { randomBytes } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { KeyringError, openKeyring } from "./keyring.ts"
import { sealingKeys } from "./seals.ts"

const folder = mkdtempSync(join(tmpdir(), "waybill-keyring-"))
afterAll(() => rmSync(folder, { recursive: true }))

describe("the key", () => {
  test("is made once, for its owner only, and read ever after", () => {
    const file = join(folder, "made.key")
    const made = openKeyring(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(openKeyring(file).current).toEqual(made.current)
  })

  test.each([
    ["empty", "\n", "holds no key"],
    ["short", "AAAA\n", "line 1: a key is 32 bytes"],
  ])("of a file that is %s is a clear refusal, and never a new key", (name, content, message) => {
    const file = join(folder, name)
    writeFileSync(file, content)
    expect(() => openKeyring(file)).toThrow(KeyringError)
    expect(() => openKeyring(file)).toThrow(message)
    expect(readFileSync(file, "utf8")).toBe(content)
  })
})

describe("what is locked", () => {
  const line = () => `${randomBytes(32).toString("base64")}\n`
  const keysOf = (name: string, lines: string) => {
    const file = join(folder, name)
    writeFileSync(file, lines)
    return sealingKeys(openKeyring(file))
  }
  const first = line()
  const keys = keysOf("locking.key", first)

  test("opens in its workspace and under its name, and nowhere else, and not when a letter was changed", () => {
    const locked = keys.lock("a", "endpoint 1", "whsec_1")
    expect(keys.unlock("a", "endpoint 1", locked)).toBe("whsec_1")
    expect(keys.unlock("b", "endpoint 1", locked)).toBeNull()
    expect(keys.unlock("a", "endpoint 2", locked)).toBeNull()
    const [version, id, body] = locked.split(".") as [string, string, string]
    const changed = Buffer.from(body, "base64url")
    changed[changed.length - 1]! ^= 1
    expect(keys.unlock("a", "endpoint 1", `${version}.${id}.${changed.toString("base64url")}`)).toBeNull()
    expect(keys.unlock("a", "endpoint 1", `2.${id}.${body}`)).toBeNull()
    for (const nonsense of ["", "nonsense", "1..", `1.${id}.AAAA`])
      expect(keys.unlock("a", "endpoint 1", nonsense)).toBeNull()
  })

  test("is no token: nobody who may open tokens opens it, and equal texts do not look alike", () => {
    const locked = keys.lock("a", "endpoint 1", "whsec_1")
    expect(keys.open("a", locked)).toBeNull()
    expect(keys.open("a", locked.slice(2))).toBeNull()
    expect(keys.lock("a", "endpoint 1", "whsec_1")).not.toBe(locked)
    expect(Buffer.from(locked.split(".")[2]!, "base64url").includes("whsec")).toBe(false)
  })

  test("stays open under a new first key, which is the one that locks from then on", () => {
    const before = keys.lock("a", "endpoint 1", "whsec_1")
    const turned = keysOf("locking-turned.key", line() + first)
    expect(turned.unlock("a", "endpoint 1", before)).toBe("whsec_1")
    expect([turned.isCurrent(before), keys.isCurrent(before)]).toEqual([false, true])
    expect(turned.isCurrent(turned.lock("a", "endpoint 1", "whsec_1"))).toBe(true)
    expect(keysOf("locking-lost.key", line()).unlock("a", "endpoint 1", before)).toBeNull()
  })
})

describe("tokens and digests", () => {
  const file = join(folder, "seals.key")
  const keys = sealingKeys(openKeyring(file))
  const text = JSON.stringify("4111 1111 1111 1111")

  test("equal texts are equal, in one workspace", () => {
    const [a, again, b] = [keys.sealsOf("a"), keys.sealsOf("a"), keys.sealsOf("b")]
    expect(a.seal(text)).toBe(again.seal(text))
    expect(a.hash(text)).toBe(again.hash(text))
    expect(a.seal(text)).not.toBe(b.seal(text))
    expect(a.hash(text)).not.toBe(b.hash(text))
    expect(a.seal(text)).not.toBe(a.seal(`${text} `))
    expect(a.seal(text)).toMatch(/^[A-Za-z0-9_.-]+$/)
  })

  test("a token opens in its workspace and nowhere else, and not when a letter was changed", () => {
    const token = keys.sealsOf("a").seal(text)
    expect(keys.open("a", token)).toBe(text)
    expect(keys.open("b", token)).toBeNull()
    expect(keys.open("a", `${token.slice(0, -2)}${token.endsWith("AA") ? "BB" : "AA"}`)).toBeNull()
    expect(keys.open("a", "nonsense")).toBeNull()
    expect(keys.open("a", `${token.split(".")[0]}.AAAA`)).toBeNull()
  })

  test("what somebody with the key signed is known, and what was changed or is another workspace's is not", () => {
    const signature = keys.sign("a", "that")
    expect(keys.isSigned("a", "that", signature)).toBe(true)
    for (const [workspace, said, given] of [
      ["b", "that", signature],
      ["a", "this", signature],
      ["a", "that", `${signature.slice(0, -1)}${signature.endsWith("0") ? "1" : "0"}`],
      ["a", "that", signature.slice(0, 20)],
      ["a", "that", ""],
      ["a", "that", `ffffffff.${signature.split(".")[1]}`],
    ] as const)
      expect(keys.isSigned(workspace, said, given)).toBe(false)
  })

  test("a new first key closes, and what the old one closed still opens", () => {
    const before = keys.sealsOf("a").seal(text)
    const old = readFileSync(file, "utf8")
    const turned = join(folder, "turned.key")
    writeFileSync(turned, `# since today\n${Buffer.alloc(32, 7).toString("base64")}\n${old}`)
    const after = sealingKeys(openKeyring(turned))
    expect(after.open("a", before)).toBe(text)
    expect(after.isSigned("a", "that", keys.sign("a", "that"))).toBe(true)
    const token = after.sealsOf("a").seal(text)
    expect(token).not.toBe(before)
    expect(after.open("a", token)).toBe(text)
    expect(keys.open("a", token)).toBeNull()
  })
})
