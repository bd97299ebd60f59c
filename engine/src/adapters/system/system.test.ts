import { describe, expect, test } from "vitest"
import { systemChance } from "./chance.ts"
import { systemClock } from "./clock.ts"
import { systemHashing } from "./hashing.ts"

describe("the machine behind the ports", () => {
  test("ids of one prefix rise, also within one millisecond, and never repeat", () => {
    const { id } = systemChance()
    const ids = Array.from({ length: 10_000 }, () => id("run"))
    expect(ids[0]).toMatch(/^run_[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(new Set(ids).size).toBe(ids.length)
    expect([...ids].sort()).toEqual(ids)
  })

  test.each([1, 15, 16, 32])("%i hexadecimal digits are as many", (digits) => {
    expect(systemChance().hex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`))
  })

  test("sha256 is the standard one, as bytes and as text", () => {
    expect(systemHashing.sha256Hex("ä")).toBe(Buffer.from(systemHashing.sha256("ä")).toString("hex"))
    expect(systemHashing.sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  })

  test("a timer that was called off does not ring", async () => {
    const clock = systemClock()
    const rung: string[] = []
    const cancel = clock.setTimer(1, () => rung.push("off"))
    cancel()
    cancel()
    await new Promise<void>((resolve) => clock.setTimer(5, resolve))
    expect(rung).toEqual([])
  })
})
