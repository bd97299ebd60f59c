import { expect, test } from "vitest"
import { addressRules } from "./address-rules.ts"
import { checkedUrl } from "./check-endpoint.ts"

const checked = (url: string) => checkedUrl(url, addressRules([]), [])

test("what is shown of an address is refused as one: given back, it would take the place of the address", () => {
  for (const shown of ["https://hooks.example.com/…", "https://hooks.example.com/%E2%80%A6"])
    expect(() => checked(shown)).toThrow("give the whole address")
  for (const whole of ["https://hooks.example.com/", "https://hooks.example.com/a?more=%E2%80%A6"])
    expect(checked(whole)).toBe(whole)
})
