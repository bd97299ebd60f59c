import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import { expect, onTestFinished, test } from "vitest"
import { freshFolder, startServer } from "./server-process.ts"

const runsARound = 20
/** How long after the last start of a round the server is killed. */
const moments = [0, 30, 120]
const env = { WAYBILL_WEBHOOKS_ALLOW: "127.0.0.1/32", WAYBILL_WEBHOOKS_RETRY_SECONDS: "0,0,0,1,1,1,1" }

test("a server killed while it tells of runs tells of every one of them, each under one id", {
  timeout: 120_000,
}, async () => {
  const folder = freshFolder()
  const idsByRun = new Map<string, Set<string>>()
  let asked = 0
  const receiver = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part
    })
    request.on("end", () => {
      const { data } = JSON.parse(body) as { readonly data: { readonly run: { readonly id: string } } }
      asked += 1
      // Every third is refused: what is tried again must outlive the kill too.
      if (asked % 3 === 0) return response.writeHead(500).end()
      const ids = idsByRun.get(data.run.id) ?? new Set()
      idsByRun.set(data.run.id, ids.add(String(request.headers["webhook-id"])))
      return response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  let server = await startServer({ folder, env })
  const { webhookId } = await server.client.webhooks.create({
    url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    events: ["run.started"],
  })
  const input = { ledger: `${folder}/ledger.jsonl` }
  const runIds: string[] = []
  for (const moment of moments) {
    const started = Array.from({ length: runsARound }, () => server.client.runs.start({ workflowId: "gate", input }))
    for (const { runId } of await Promise.all(started)) runIds.push(runId)
    await delay(moment)
    await server.kill()
    server = await startServer({ folder, env })
  }
  const until = Date.now() + 30_000
  while (idsByRun.size < runIds.length && Date.now() < until) await delay(50)
  expect([...idsByRun.keys()].sort()).toEqual([...runIds].sort())
  expect([...idsByRun.values()].filter((ids) => ids.size !== 1)).toEqual([])
  while ((await server.client.webhooks.get(webhookId)).health.pending > 0 && Date.now() < until) await delay(50)
  expect((await server.client.webhooks.get(webhookId)).health).toMatchObject({ pending: 0, dead: 0 })
  expect((await server.client.admin.fsck()).findings).toEqual([])
  expect(await server.stop()).toBe(0)
})
