/**
 * A million runs with ten million events in one SQLite file: what do lists, overviews and pages take over HTTP, what does
 * retention, and what is left of the runs a second? `-- --runs 100000` is a try of a minute; `--data DIR` keeps the history
 * there and finds it again; `--only lists,pages` asks a part. A goal that is missed breaks nothing.
 */
import { existsSync, mkdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { machineLine } from "./lib/machine.ts"
import { report } from "./lib/report.ts"
import { type Answered, askEach, type Question, showAnswers } from "./lib/scale-asking.ts"
import { scaleHistory } from "./lib/scale-history.ts"
import { retentionRows, throughputRows } from "./lib/scale-load.ts"
import { prepare } from "./lib/scale-prepare.ts"
import {
  listQuestions,
  otherQuestions,
  overviewQuestions,
  pageQuestions,
  pairQuestions,
} from "./lib/scale-questions.ts"
import { freePort, HttpClient, startProcess } from "./lib/server.ts"
import { freshFolder, removeFolder } from "./lib/waybill.ts"
import { writeEnvironments } from "./lib/workflows.ts"

const parts = ["lists", "pairs", "overviews", "pages", "others", "retention", "throughput"] as const
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    scale: { type: "string", default: "1" },
    rounds: { type: "string", default: "5" },
    data: { type: "string" },
    only: { type: "string", default: parts.join(",") },
    peers: { type: "boolean", default: false },
  },
  allowNegative: true,
})
const runs = Math.max(1_000, Math.round(Number(values.runs) * Number(values.scale)))
const rounds = Math.ceil(Number(values.rounds))
const only = values.only.split(",")
if (!(runs > 0 && rounds > 0)) throw new Error("--runs, --scale and --rounds want positive numbers")
/** How often a question is asked. */
const times = rounds * 20

console.log(machineLine())
const folder = values.data === undefined ? freshFolder() : resolve(values.data)
try {
  mkdirSync(folder, { recursive: true })
  if (!existsSync(join(folder, "environments"))) writeEnvironments(join(folder, "environments"))
  await measure()
} finally {
  if (values.data === undefined) removeFolder(folder)
}

async function measure(): Promise<void> {
  const history = await scaleHistory(folder, runs)
  console.log(`${history.runs} runs with ${history.events} events`)
  const server = await startProcess(folder, await freePort())
  console.log(`ready after ${Math.round(server.readyMs)} ms`)
  const client = new HttpClient(server.url, 20)
  try {
    const { longRunId } = await prepare(client, folder)
    const ask = async (part: (typeof parts)[number], title: string, questions: () => Promise<readonly Question[]>) => {
      if (!only.includes(part)) return
      const answers: Answered[] = []
      for (const question of await questions()) answers.push(await askEach(client, question, times))
      showAnswers(title, answers)
    }
    await ask("lists", "Lists: each filter alone", () => listQuestions(client, history))
    await ask("pairs", "Lists: two filters", async () => pairQuestions(history))
    await ask("overviews", "Facets, counts and histograms", async () => overviewQuestions(history))
    await ask("pages", "What a run's page asks", () => pageQuestions(client, longRunId))
    await ask("others", "Beside the runs", async () => otherQuestions(history))
    if (only.includes("retention")) report("Retention", await retentionRows(client, history))
  } finally {
    client.close()
    await server.stop()
  }
  if (only.includes("throughput")) report("Runs a second", await throughputRows(folder, Math.min(rounds, 3), 4_000))
}
