/**
 * Records what runs of this release look like, for `test/upgrade/` to fold with every later one:
 * `node --import tsx scripts/record-histories.mts 0.2.0`. Done once for each release, before it goes out; what is
 * recorded is never recorded again. With `--codec` instead of a version only the hashes of encoded states are written
 * again, which a new `snapshotCodec` needs; what the histories mean must be what it was.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import type { JsonObject } from "../engine/src/core/json.ts"
import type { RunEvent } from "../engine/src/core/run/events.ts"
import { CoreRun, runCreated } from "../engine/src/testing/simulator/core-run.ts"
import { Random } from "../engine/src/testing/simulator/random.ts"
import { simulate } from "../engine/src/testing/simulator/simulation.ts"
import { agent, approval, definitionOf, Story } from "../engine/src/testing/simulator/story.ts"
import {
  fieldsOf,
  type KnownFields,
  type Meaning,
  meaningOf,
  type StoredLine,
} from "../engine/src/testing/upgrade/history-meaning.ts"

const folder = new URL("../test/upgrade/histories/", import.meta.url)
/** Runs are looked for in so many seeds, and none larger than this is taken. */
const seeds = 600
const eventsMax = 150
/** New things an event, below which a run is not worth its size. */
const worthMin = 1 / 30
/** Fields whose values are words of the engine's own. */
const plainWords = new Set(["kind", "type", "status", "outcome", "mode", "onParentCancel"])

interface Expected {
  readonly release: string
  readonly fields: KnownFields
  readonly runs: { readonly [run: string]: Meaning }
}

const [what] = process.argv.slice(2)
if (what === "--codec") for (const release of readdirSync(folder)) recodeStates(release)
else if (what !== undefined && /^\d+\.\d+\.\d+$/.test(what)) await record(what)
else throw new Error("say which release: node --import tsx scripts/record-histories.mts 0.2.0; or --codec")

async function record(release: string): Promise<void> {
  const into = new URL(`${release}/`, folder)
  if (existsSync(into)) throw new Error(`${release} is recorded already; what was released does not change`)
  const lines = (await chosenRuns()).flatMap(({ name, events }) => events.map((event) => lineOf(name, event)))
  mkdirSync(into, { recursive: true })
  writeFileSync(new URL("events.ndjson", into), lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  writeExpected(into, release, fieldsOfAll(runsOf(lines)), runsOf(lines))
  console.log(`${release}: ${runsOf(lines).size} runs, ${lines.length} events, in ${into.pathname}`)
}

function lineOf(run: string, { seq, v, type, at, actor, stepId, payload }: RunEvent): StoredLine {
  return { run, seq, v, type, at, actor, stepId, payload: payload as unknown as JsonObject }
}

interface Candidate {
  readonly name: string
  readonly events: readonly RunEvent[]
  readonly shows: ReadonlySet<string>
}

function candidate(name: string, events: readonly RunEvent[]): Candidate {
  return { name, events, shows: shownBy(events) }
}

/** What no seed comes to, and what few come to. */
function told(): readonly Candidate[] {
  const escalation = [{ afterSeconds: 40, to: ["team:platform", "user:bob"] }]
  const warned = new Story([approval("gate", { sla: { dueSeconds: 30, warnSeconds: 25 }, escalation })])
  warned.pass(60_000)
  warned.decide("gate", "approve")
  const drained = new Story([agent("work", { retry: { maxAttempts: 2, backoffSeconds: 1 } })])
  drained.lose("work", false)
  drained.serve()
  drained.lose("work", true)
  drained.pass(600_000)
  drained.serve()
  const forced = new Story([agent("work")])
  forced.cancel()
  forced.cancel(true)
  const branches = ["good", "bad"].map((name) => ({ name, states: [agent("work")] }))
  const caught = new Story([
    { name: "first", type: "inject", data: { a: 1 }, resultPath: "first", next: "both" },
    { name: "both", type: "parallel", branches, catch: [{ next: "last" }], next: "last" },
    { name: "last", type: "inject", data: { b: 2 }, end: true },
  ])
  caught.succeed("both/good/work", { done: true })
  caught.fail("both/bad/work")
  const stories = { warned, drained, forced, caught }
  const definition = definitionOf({
    id: "waits",
    states: [{ name: "only", type: "inject", data: { a: 1 }, end: true }],
  })
  const created = {
    ...runCreated(definition, "run_waits", { value: {} }),
    concurrency: { key: "alone", limit: 1, onLimit: "queue" as const },
  }
  const agents = new Map<string, never>()
  const waits = new CoreRun({
    runId: "run_waits",
    definition,
    agents,
    random: new Random(1),
    now: () => 1_700_000_000_000,
  })
  waits.decide({ kind: "start-run", created, input: {}, context: null, paused: false, slotFree: false })
  waits.decide({ kind: "grant-slot" })
  for (let i = 0; i < 10 && !waits.ended; i++) waits.decide({ kind: "continue" })
  return [
    ...Object.entries(stories).map(([name, { run }]) => candidate(`told/${name}`, run.books.events)),
    candidate("told/waits", waits.books.events),
  ]
}

/** Again and again the run that shows most for its size, until none shows enough that is new. */
async function chosenRuns(): Promise<readonly Candidate[]> {
  const left: Candidate[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const { histories, problems } = await simulate({ seed })
    if (problems.length > 0) throw new Error(`seed ${seed}: ${problems[0]}`)
    for (const [run, events] of histories())
      if (events.length <= eventsMax) left.push(candidate(`${seed}/${run}`, events))
  }
  const chosen = [...told()]
  const seen = new Set(chosen.flatMap(({ shows }) => [...shows]))
  for (;;) {
    const worth = ({ shows, events }: Candidate) =>
      [...shows].filter((one) => !seen.has(one)).length / (events.length + 20)
    const best = left.reduce((a, b) => (worth(b) > worth(a) ? b : a))
    if (worth(best) < worthMin) return chosen
    chosen.push(best)
    for (const one of best.shows) seen.add(one)
  }
}

/** What a fold may ask of an event: its type, which event of its step came before, which fields it has, and their plain values. */
function shownBy(events: readonly RunEvent[]): ReadonlySet<string> {
  const words = new Set<string>()
  const before = new Map<string | null, string>()
  for (const { type, stepId, payload } of events) {
    words.add(`${before.get(stepId)} ${type}`)
    before.set(stepId, type)
    for (const [key, value] of Object.entries(payload)) {
      words.add(`${type} ${key}`)
      if (value === null || typeof value === "boolean") words.add(`${type} ${key}=${value}`)
      if (typeof value === "number") words.add(`${type} ${key} ${value > 1 ? "many" : value}`)
      if (plainWords.has(key)) words.add(`${type} ${key}=${value}`)
      if (typeof value === "object" && value !== null && "kind" in value) words.add(`${type} ${key}.kind=${value.kind}`)
    }
  }
  return words
}

function recodeStates(release: string): void {
  const from = new URL(`${release}/`, folder)
  const before = JSON.parse(readFileSync(new URL("expected.json", from), "utf8")) as Expected
  const runs = runsOf(linesOf(from))
  for (const [run, lines] of runs)
    if (meaningOf(run, lines, before.fields).meaning !== before.runs[run]!.meaning)
      throw new Error(`${release}, ${run}: the history means something else now; that is no matter of the codec`)
  writeExpected(from, release, before.fields, runs)
}

function writeExpected(into: URL, release: string, fields: KnownFields, runs: ReadonlyMap<string, StoredLine[]>): void {
  const meanings = Object.fromEntries([...runs].map(([run, lines]) => [run, meaningOf(run, lines, fields)]))
  const expected: Expected = { release, fields, runs: meanings }
  writeFileSync(new URL("expected.json", into), `${JSON.stringify(expected, null, 1)}\n`)
}

function fieldsOfAll(runs: ReadonlyMap<string, StoredLine[]>): KnownFields {
  const all = new Map<string, Set<string>>()
  for (const [run, lines] of runs)
    for (const [kind, names] of Object.entries(fieldsOf(run, lines)))
      all.set(kind, new Set([...(all.get(kind) ?? []), ...names]))
  return Object.fromEntries([...all].map(([kind, names]) => [kind, [...names].sort()]))
}

function linesOf(from: URL): StoredLine[] {
  const text = readFileSync(new URL("events.ndjson", from), "utf8")
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StoredLine)
}

function runsOf(lines: readonly StoredLine[]): ReadonlyMap<string, StoredLine[]> {
  const runs = new Map<string, StoredLine[]>()
  for (const line of lines) runs.set(line.run, [...(runs.get(line.run) ?? []), line])
  return runs
}
