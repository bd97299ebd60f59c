/** The example's service keeps its bounds: it fails as it should, and nothing of it outlives whoever started it. */
import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { isRunning, startTestExample } from "../testing/example.ts"

interface Pod {
  readonly name: string
  readonly pid: number
  readonly url: string
  readonly restarts: number
}

async function podsOf(service: string): Promise<Pod[]> {
  const answer = await fetch(`${service}/namespaces/shop/pods`)
  return ((await answer.json()) as { pods: Pod[] }).pods
}

function restart(service: string, pod: string, key: string): Promise<{ pid: number; oldPid: number }> {
  const headers = { "content-type": "application/json", "idempotency-key": key }
  const url = `${service}/namespaces/shop/pods/${pod}/restart`
  return fetch(url, { method: "POST", headers, body: "{}" }).then((answer) => answer.json()) as never
}

const gone = (pids: readonly number[]) => expect.poll(() => pids.filter(isRunning), { timeout: 15_000 }).toEqual([])

test("stopping the example ends every process and takes back the file that agents read", async () => {
  const example = await startTestExample()
  const pids = [...Object.values(example.pids), ...(await podsOf(example.service)).map((pod) => pod.pid)]
  expect(pids).toHaveLength(5)
  expect(pids.every(isRunning)).toBe(true)
  expect(JSON.parse(readFileSync(example.stateFile, "utf8"))).toMatchObject({ service: example.service })
  await example.stop()
  await gone(pids)
  expect(statSync(example.stateFile, { throwIfNoEntry: false })).toBeUndefined()
}, 30_000)

test("when the supervisor is killed with signal 9, its pods end too", async () => {
  const example = await startTestExample()
  try {
    const pids = (await podsOf(example.service)).map((pod) => pod.pid)
    process.kill(example.pids.service, "SIGKILL")
    await gone([example.pids.service, ...pids])
  } finally {
    await example.stop()
  }
}, 30_000)

test("when whoever started the example is killed with signal 9, nothing of it is left", async () => {
  const directory = mkdtempSync(join(tmpdir(), "waybill-example-"))
  const starter = fork(fileURLToPath(new URL("../testing/starter.mjs", import.meta.url)), [directory], { execArgv: [] })
  try {
    const [{ service, pids }] = (await once(starter, "message")) as [{ service: string; pids: Record<string, number> }]
    const all = [...Object.values(pids), ...(await podsOf(service)).map((pod) => pod.pid)]
    expect(all.every(isRunning)).toBe(true)
    starter.kill("SIGKILL")
    await gone(all)
  } finally {
    starter.kill("SIGKILL")
    rmSync(directory, { recursive: true, force: true })
  }
}, 30_000)

test("a pod whose process dies is started again under its name", async () => {
  const example = await startTestExample()
  try {
    const [first] = await podsOf(example.service)
    process.kill(first!.pid, "SIGKILL")
    const find = async () => (await podsOf(example.service)).find((pod) => pod.name === first!.name && pod.url)
    await expect.poll(async () => (await find())?.restarts, { timeout: 15_000 }).toBe(1)
    expect((await find())?.pid).not.toBe(first!.pid)
  } finally {
    await example.stop()
  }
}, 30_000)

test("two restarts under one key are one restart, also when they come at once; another key is another", async () => {
  const example = await startTestExample()
  try {
    const [one, two] = await Promise.all([
      restart(example.service, "checkout-2", "step-a"),
      restart(example.service, "checkout-2", "step-a"),
    ])
    expect(two).toEqual(one)
    expect(await restart(example.service, "checkout-2", "step-a")).toEqual(one)
    const other = await restart(example.service, "checkout-2", "step-b")
    expect(other.oldPid).toBe(one.pid)
    expect((await podsOf(example.service)).map((pod) => pod.restarts)).toEqual([0, 2, 0])
  } finally {
    await example.stop()
  }
}, 30_000)

test("until the malformed message comes, nobody gets an error; after it about every fifth order fails", async () => {
  const example = await startTestExample({ ordersPerSecond: 40, malformedAfter: 60 })
  try {
    await expect
      .poll(async () => (await example.measure({ since: 0 })).requests, { timeout: 10_000 })
      .toBeGreaterThan(20)
    expect((await example.measure({ since: 0 })).errors).toBe(0)
    await example.untilFailing()
    const since = Date.now()
    await expect.poll(async () => (await example.measure({ since })).requests, { timeout: 20_000 }).toBeGreaterThan(120)
    // 3 of 5 orders are in dollars, and one pod of three fails on dollars: 20 %.
    const { errorRate } = await example.measure({ since })
    expect(errorRate).toBeGreaterThan(0.14)
    expect(errorRate).toBeLessThan(0.26)
  } finally {
    await example.stop()
  }
}, 60_000)

test("a page in a browser cannot restart a pod: only application/json is taken", async () => {
  const example = await startTestExample()
  try {
    const url = `${example.service}/namespaces/shop/pods/checkout-1/restart`
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" })
    expect(answer.status).toBe(415)
    expect((await podsOf(example.service)).map((pod) => pod.restarts)).toEqual([0, 0, 0])
  } finally {
    await example.stop()
  }
}, 30_000)
