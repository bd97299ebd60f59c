/** The incident of 004's example, told by its own agents against the really started service. */
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { loadAgents, runChecked } from "./testing/agents.ts"
import { contextOf, startTestExample, type TestExample } from "./testing/example.ts"

interface Pods {
  readonly status: string
  readonly unhealthy: readonly string[]
  readonly pods: readonly {
    readonly name: string
    readonly ready: boolean
    readonly reason: string
    readonly pid: number
  }[]
}
interface Slo {
  readonly error_rate: number
  readonly requests: number
  readonly errors: number
  readonly messages: readonly { readonly message: string }[]
}
interface Mended {
  readonly result: string
  readonly restarted: readonly { readonly pod: string; readonly old_pid: number; readonly new_pid: number }[]
  readonly error_rate_before: number
  readonly error_rate_after: number
}

const agents = await loadAgents()
const run = (agent: string, input: unknown, step: string, own = {}) =>
  runChecked(agents.get(agent), input, contextOf(step, own))

describe("an incident, from the first error to the message", () => {
  let example: TestExample
  let before: { readonly errorRate: number }

  beforeAll(async () => {
    example = await startTestExample()
    before = await example.untilFailing()
  }, 60_000)
  afterAll(() => example.stop())

  test("the pod checker finds the one pod that says it is failing, with its reason", async () => {
    const found = (await run("k8s-pod-checker", example.input, "check")) as Pods
    expect(found.status).toBe("degraded")
    expect(found.unhealthy).toHaveLength(1)
    expect(found.pods).toHaveLength(3)
    const sick = found.pods.filter((pod) => !pod.ready)
    expect(sick.map((pod) => pod.name)).toEqual(found.unhealthy)
    expect(sick[0]?.reason).toContain("the rate of USD is NaN")
  })

  test("the error rate computed from the logs is what customers see", async () => {
    const slo = (await run("slo-analyzer", example.input, "slo")) as Slo
    const seen = await example.measure()
    expect(slo.error_rate).toBeGreaterThan(0.05)
    expect(slo.error_rate).toBeCloseTo(slo.errors / slo.requests, 3)
    expect(Math.abs(slo.error_rate - seen.errorRate)).toBeLessThan(0.05)
    expect(slo.messages[0]?.message).toContain("total is not a number")
  })

  test("only the failing pod's log holds errors", async () => {
    const { unhealthy } = (await run("k8s-pod-checker", example.input, "check-again")) as Pods
    for (const pod of ["checkout-1", "checkout-2", "checkout-3"]) {
      const slo = (await run("slo-analyzer", { ...example.input, pod }, `slo-${pod}`)) as Slo
      expect(slo.errors > 0).toBe(unhealthy.includes(pod))
    }
  })

  test("restarting the failing pod mends the service, and the error rate measured afterwards is lower", async () => {
    const mended = (await run("k8s-remediator", { namespace: "shop" }, "mend")) as Mended
    const since = Date.now()
    expect(mended.restarted).toHaveLength(1)
    expect(mended.restarted[0]?.new_pid).not.toBe(mended.restarted[0]?.old_pid)
    expect(mended.error_rate_before).toBeGreaterThan(0.05)
    expect(mended.error_rate_after).toBeLessThan(mended.error_rate_before)
    expect(mended.result).toContain(`Restarted ${mended.restarted[0]?.pod}`)

    // The malformed message is consumed: many more orders and feed messages later it is still well.
    await expect.poll(async () => (await example.measure({ since })).requests, { timeout: 20_000 }).toBeGreaterThan(90)
    const after = await example.measure({ since })
    expect(after.errorRate).toBeLessThan(before.errorRate)
    expect(after.errors).toBe(0)
    expect(((await run("k8s-pod-checker", example.input, "well")) as Pods).status).toBe("healthy")
  }, 60_000)

  test("a mending delivered again restarts nothing again and still says what was done", async () => {
    const first = (await run("k8s-pod-checker", example.input, "pids")) as Pods
    const again = (await run("k8s-remediator", { namespace: "shop" }, "mend")) as Mended
    const then = (await run("k8s-pod-checker", example.input, "pids-again")) as Pods
    expect(again.restarted).toHaveLength(1)
    expect(then.pods.map((pod) => pod.pid)).toEqual(first.pods.map((pod) => pod.pid))
  }, 60_000)

  test("a service that is well is left alone", async () => {
    const mended = (await run("k8s-remediator", { namespace: "shop" }, "nothing-to-do")) as Mended
    expect(mended.restarted).toEqual([])
    expect(mended.result).toContain("Nothing to restart")
  })

  test("a cancelled step stops in the middle of its work", async () => {
    const cancel = new AbortController()
    const work = run("k8s-remediator", { namespace: "shop", pod: "checkout-1", even_if_healthy: true }, "cancelled", {
      signal: cancel.signal,
      heartbeat: () => cancel.abort(new Error("cancelled by ada")),
    })
    await expect(work).rejects.toThrow("cancelled by ada")
  })

  test("a message posted twice under the same step arrives once; summary and message are both taken", async () => {
    const summary = { channel: "#incidents", summary: "checkout was restarted" }
    const [first, second] = [
      await run("notification-sender", summary, "tell"),
      await run("notification-sender", summary, "tell"),
    ]
    expect(second).toEqual(first)
    await run("notification-sender", { channel: "#incidents", message: "all clear" }, "all-clear")
    const { messages } = (await (await fetch(`${example.receiver}/messages`)).json()) as {
      messages: { text: string }[]
    }
    expect(messages.map((message) => message.text)).toEqual(["checkout was restarted", "all clear"])
    expect(example.lines.at(-1)).toContain("#incidents  all clear")
  })

  test("a message without words is refused before anything is posted", async () => {
    await expect(run("notification-sender", { channel: "#incidents" }, "nothing")).rejects.toThrow("does not take this")
  })

  test("a namespace that does not exist is the supervisor's refusal, with its words", async () => {
    await expect(run("k8s-pod-checker", { namespace: "elsewhere" }, "wrong")).rejects.toMatchObject({
      class: "external_api",
      code: "http_404",
      message: expect.stringContaining("no namespace elsewhere"),
    })
  })
})

test("agents say how to start the example when it does not run, and that trying again may help", async () => {
  process.env.EXAMPLE_STATE_FILE = "/nowhere/service.json"
  try {
    await expect(run("k8s-pod-checker", { namespace: "shop" }, "off")).rejects.toMatchObject({
      class: "transient",
      code: "example_not_running",
      message: expect.stringContaining("node examples/start.mjs"),
    })
  } finally {
    delete process.env.EXAMPLE_STATE_FILE
  }
})

test("agents of a service that was stopped fail as transient, so that a retry finds it when it is back", async () => {
  const example = await startTestExample()
  const state = { service: example.service, receiver: example.receiver }
  const { mkdtemp, writeFile, rm } = await import("node:fs/promises")
  await example.stop()
  const directory = await mkdtemp("/tmp/waybill-example-")
  await writeFile(`${directory}/service.json`, JSON.stringify(state))
  process.env.EXAMPLE_STATE_FILE = `${directory}/service.json`
  try {
    const gone = { class: "transient", code: "service_unreachable", message: expect.stringContaining("ECONNREFUSED") }
    await expect(run("slo-analyzer", example.input, "gone")).rejects.toMatchObject(gone)
  } finally {
    delete process.env.EXAMPLE_STATE_FILE
    await rm(directory, { recursive: true })
  }
}, 30_000)

test("a service that logged no request has no error rate, rather than a good one", async () => {
  const example = await startTestExample({ ordersPerSecond: 1 })
  try {
    // One order a second over three pods: most half seconds of one pod hold none.
    const input = { ...example.input, pod: "checkout-1", window_seconds: 0.5 }
    const ask = () => run("slo-analyzer", input, "quiet").catch((error: { code: string; class: string }) => error)
    await expect.poll(ask, { timeout: 15_000 }).toMatchObject({ class: "transient", code: "no_traffic" })
  } finally {
    await example.stop()
  }
}, 30_000)

test("a pod that does not exist is named", async () => {
  const example = await startTestExample()
  try {
    const missing = { ...example.input, pod: "checkout-9" }
    await expect(run("slo-analyzer", missing, "slo")).rejects.toMatchObject({
      code: "no_pods",
      message: expect.stringContaining("checkout-9"),
    })
    await expect(run("k8s-remediator", missing, "mend")).rejects.toMatchObject({ code: "no_pods" })
  } finally {
    await example.stop()
  }
}, 30_000)
