// @vitest-environment happy-dom
import { act } from "react"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { render, unmountAll } from "../testing/render.tsx"
import { UiRoot } from "../UiRoot.tsx"
import { Duration } from "./Duration.tsx"
import { Time } from "./Time.tsx"

const now = Date.parse("2026-11-21T11:14:03Z")

beforeEach(() => {
  vi.useFakeTimers({ now })
})
afterEach(async () => {
  await unmountAll()
  vi.useRealTimers()
})

const words = (selector: string) => document.querySelector(selector)?.textContent
const pass = (ms: number) => act(async () => vi.advanceTimersByTime(ms))

test("what is shown as so long ago grows older by itself, on one clock for the page", async () => {
  await render(
    <UiRoot>
      <Time at={now - 10_000} />
      <p>
        <Duration since={now - 10_000} />
      </p>
    </UiRoot>,
  )
  expect([words("time"), words("p")]).toEqual(["10 s ago", "10 s"])
  expect(vi.getTimerCount()).toBe(1)
  await pass(55_000)
  expect([words("time"), words("p")]).toEqual(["1 min ago", "1 min 05 s"])
})

test("a page that nobody looks at does not tick, and catches up once it is seen", async () => {
  await render(<Time at={now} />)
  const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden")
  document.dispatchEvent(new Event("visibilitychange"))
  expect(vi.getTimerCount()).toBe(0)
  vi.setSystemTime(now + 3_600_000)
  visibility.mockReturnValue("visible")
  await act(async () => void document.dispatchEvent(new Event("visibilitychange")))
  expect(words("time")).toBe("1 h ago")
})

test("when the last time is gone from the page the clock stops", async () => {
  await render(<Time at={now} />)
  await render(<p />)
  expect(vi.getTimerCount()).toBe(0)
})

test("who wants absolute times gets them in their zone", async () => {
  await render(
    <UiRoot times={{ shown: "absolute", zone: "Asia/Tokyo" }}>
      <Time at="2026-11-21T11:00:00Z" />
    </UiRoot>,
  )
  expect(words("time")).toBe("20:00:00")
})
