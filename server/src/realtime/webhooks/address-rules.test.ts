import { describe, expect, test } from "vitest"
import { addressRules, networkProblem } from "./address-rules.ts"

const none = addressRules([])

describe("a webhook reaches no address", () => {
  test.each([
    ["of this machine", ["127.0.0.1", "127.8.8.8", "0.0.0.0", "::1", "::"]],
    [
      "of a private network",
      ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1", "fc00::1"],
    ],
    ["of the link, where clouds tell their secrets", ["169.254.169.254", "fe80::1", "fe80::1%eth0", "fd00:ec2::254"]],
    [
      "hidden in an IPv6 one",
      ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
    ],
    ["of tests and of measuring", ["198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "3fff::1"]],
    ["of protocols themselves", ["192.0.0.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1"]],
    ["that tunnels to another one", ["2001::1", "2620:4f:8000::1"]],
    ["of many or of nobody", ["224.0.0.1", "255.255.255.255", "240.0.0.1", "ff02::1", "192.0.2.1", "2001:db8::1"]],
  ])("%s", (_what, addresses) => {
    for (const address of addresses) expect([address, none.mayReach(address)]).toEqual([address, false])
  })
})

test("public addresses are reached", () => {
  for (const address of [
    "8.8.8.8",
    "172.32.0.1",
    "1.1.1.1",
    "11.0.0.1",
    "100.128.0.1",
    "192.0.1.1",
    "198.20.0.1",
    "2001:200::1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
  ])
    expect([address, none.mayReach(address)]).toEqual([address, true])
})

test("what the operator allows is reached, and nothing beside it", () => {
  const rules = addressRules(["127.0.0.1/32", "fd00::/8"])
  expect(rules.mayReach("127.0.0.1")).toBe(true)
  expect(rules.mayReach("::ffff:127.0.0.1")).toBe(true)
  expect(rules.mayReach("fd12::1")).toBe(true)
  expect(rules.mayReach("127.0.0.2")).toBe(false)
})

test("what is no network is said", () => {
  expect(networkProblem("10.0.0.0/8")).toBeNull()
  for (const text of ["intranet", "10.0.0.0/40", "10.0.0.0/8/8", "", "1.2.3.4/x"])
    expect(networkProblem(text)).toMatch(/is no network/)
})
