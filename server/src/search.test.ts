/** A whole server: what runs were given and gave is found by everybody who may, as it is stored, wherever runs are listed. */
import type { Run, RunCounts, RunFacets, RunPage, SearchAnswer } from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { bearing, fromOwnPage, makeKey, makeWorkspace, rootKey, withPeople } from "./testing/people.ts"
import { ask, type Place, place } from "./testing/real-server.ts"
import { openStream } from "./testing/sse-client.ts"

const pay = `id: pay
version: "1.0"
name: Pay a customer
start: check
states:
  - name: check
    type: operation
    action: agent.run
    input: { agent: teller, variables: { customer: "{{ ctx.customer }}", amount: "{{ ctx.amount }}" } }
    end: true
`

const teller = `export default {
  run({ customer, amount }) {
    if (amount > 100)
      throw Object.assign(new Error("the vault for " + customer.name + " stays shut"), { class: "bug", code: "over_limit" })
    return { paid: amount, note: "Zürich branch, thank you" }
  },
}
`

/** As detectors know it; nobody has this one. */
const card = "4111111111111111"

let at: Place
let server: RunningServer
let other: Readonly<Record<string, string>>

const get = async <T>(path: string, headers = bearing(rootKey)): Promise<T> => {
  const reply = await ask(server.url, "GET", path, undefined, headers)
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
  return reply.body as T
}
const search = (q: string, headers = bearing(rootKey)) =>
  get<SearchAnswer>(`/search?q=${encodeURIComponent(q)}`, headers)
const list = async (query: string) =>
  (await get<RunPage>(`/workflow-runs?query=${encodeURIComponent(query)}`)).items.map(({ runId }) => runId)

async function run(customer: string, amount: number, more: object = {}, headers = bearing(rootKey)): Promise<string> {
  const input = { customer: { name: customer, id: amount }, amount, ...more }
  const reply = await ask(server.url, "POST", "/workflow-runs?wait=10", { workflowId: "pay", input }, headers)
  return (reply.body as Run).runId
}

/** Until all that has happened can be found. */
async function indexed(): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if ((await search("anything")).behind === 0) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error("the index does not come after")
}

const hasCard = (text: string) => text.includes(card) || text.includes("4111 1111")

let anna: string
let bert: string
let failed: string

beforeAll(async () => {
  at = place()
  at.write("workflows/pay.workflow.yaml", pay)
  at.write("agents/teller.agent.mjs", teller)
  server = await at.start(withPeople)
  anna = await run("Anna Müller", 42, { card, message: `take ${card} please` })
  bert = await run("Bert", 17)
  failed = await run("Cecilia", 500)
  const { cookie } = await makeWorkspace(server.url, "other", "bob@example.com")
  other = bearing((await makeKey(server.url, "viewer", fromOwnPage(cookie))).key)
  await indexed()
}, 60_000)
afterAll(async () => {
  await server?.close()
  at?.remove()
})

test("words, phrases, paths and errors find runs, with the place and the piece of text", async () => {
  const byName = await search("muller")
  expect(byName.hits).toEqual([
    {
      kind: "run",
      id: anna,
      title: "Pay a customer",
      state: "COMPLETED",
      at: expect.any(String),
      runId: anna,
      places: [{ part: "input", path: "customer.name", stepId: null, snippet: "Anna Müller", marks: [[5, 11]] }],
    },
  ])
  expect((await search("in.customer.id:42")).hits[0]).toMatchObject({
    id: anna,
    places: [{ part: "input", path: "customer.id", snippet: "42", marks: [[0, 2]] }],
  })
  const vault = await search('"vault for cecilia"')
  expect(vault.hits.filter(({ kind }) => kind === "run").map(({ id }) => id)).toEqual([failed])
  expect(vault.hits.at(-1)!.places[0]).toMatchObject({ part: "error", path: "detail" })
  expect((await search("zurich in.customer.name:Bert")).hits).toMatchObject([
    {
      id: bert,
      places: [
        { part: "result", path: "note" },
        { part: "input", path: "customer.name" },
      ],
    },
  ])
})

test("the same query finds the same runs in the list, the counts, the facets, the export and a bulk action", async () => {
  const query = "zurich in.amount:10..100"
  const both = [bert, anna]
  const asked = encodeURIComponent(query)
  expect(await list(query)).toEqual(both)
  expect((await get<RunCounts>(`/workflow-runs/counts?query=${asked}`)).total.value).toBe(2)
  const { facets } = await get<RunFacets>(`/workflow-runs/facets?query=${asked}`)
  expect(facets.find(({ name }) => name === "status")!.values).toEqual([{ value: "COMPLETED", count: 2 }])
  const exported = await fetch(`${server.url}/api/v1/workflow-runs/export?format=ndjson&query=${asked}`, {
    headers: bearing(rootKey),
  })
  const lines = (await exported.text()).trim().split("\n")
  expect(lines.map((line) => (JSON.parse(line) as Run).runId)).toEqual(both)
  const bulk = await ask(
    server.url,
    "POST",
    "/bulk",
    { action: "tag", query, reason: "r", tags: { add: ["t"] }, dryRun: true },
    bearing(rootKey),
  )
  expect(bulk.body).toMatchObject({ counts: { total: 2 } })
  expect(await list("-zurich")).toEqual([failed])
})

test("a live list shows a run by its values at once, before the index has them", async () => {
  const path = `/api/v1/workflow-runs/stream?query=${encodeURIComponent('in.customer.name:"Live One"')}`
  const stream = await openStream(Number(new URL(server.url).port), path, bearing(rootKey))
  await run("Nobody", 5)
  const live = await run("Live One", 6)
  await stream.until(1)
  const told = stream.messages.map(({ data }) => (data as { runId: string }).runId)
  expect(new Set(told)).toEqual(new Set([live]))
  stream.close()
})

test("what was redacted cannot be found and stands in no snippet", async () => {
  expect(await list(card)).toEqual([])
  expect((await search("4111")).hits).toEqual([])
  const answer = await search('"take" please')
  expect(answer.hits.map(({ id }) => id)).toEqual([anna])
  expect(hasCard(JSON.stringify(answer))).toBe(false)
})

test("another workspace finds nothing of it, whatever it asks", async () => {
  for (const q of ["muller", "in.customer.id:42", "pay", "over_limit", anna, "-nothing"])
    expect((await search(q, other)).hits, q).toEqual([])
})

test("workflows and issues are found by their names, and a query that is not understood says why", async () => {
  const found = await search("pay")
  expect(found.hits[0]).toMatchObject({ kind: "workflow", id: "pay", title: "Pay a customer" })
  expect((await search("over_limit")).hits.map(({ kind }) => kind)).toContain("run")
  const wrong = await ask(server.url, "GET", "/search?q=inn.customer:4", undefined, bearing(rootKey))
  expect(wrong.status).toBe(400)
  expect(wrong.body).toMatchObject({ code: "invalid_query", hint: expect.stringContaining("in.customer") })
})

test("rebuild fills the index anew, and its lag is among the metrics", async () => {
  expect((await ask(server.url, "POST", "/admin/rebuild", {}, bearing(rootKey))).body).toMatchObject({
    reindexed: true,
  })
  await indexed()
  expect((await search("muller")).hits).toHaveLength(1)
  const metrics = await (await fetch(`${server.url}/metrics`, { headers: bearing(rootKey) })).text()
  expect(metrics).toMatch(/^waybill_search_behind 0$/m)
  expect(metrics).toMatch(/^waybill_search_cut \d+$/m)
})
