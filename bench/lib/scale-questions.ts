/** What people ask of a large history: every filter alone, pairs of them, overviews, a run's page. */
import type { Question } from "./scale-asking.ts"
import type { ScaleHistory } from "./scale-history.ts"
import type { HttpClient } from "./server.ts"

const runs = "/api/v1/workflow-runs"
const sorts = ["-startedAt", "startedAt", "-createdAt", "-duration", "duration", "-status"]
const dayMs = 86_400_000
/** Pages on the way to a deep one. */
const pagesDeep = 20

interface Listed {
  readonly items: readonly Found[]
  readonly nextCursor?: string | null
}

interface Found {
  readonly runId: string
  readonly traceId: string
  readonly correlationId: string
  readonly businessEventId?: string | null
  readonly rerunOf?: string | null
}

const listGoalMs = 50

/** @param client asks for what is named in the questions: a run's ids, and the cursors of deep pages */
export async function listQuestions(client: HttpClient, history: ScaleHistory): Promise<readonly Question[]> {
  const questions: Question[] = []
  for (const [what, filter] of await filters(client, history)) {
    const path = `${runs}?limit=50${filter === "" ? "" : `&${filter}`}`
    questions.push({ what: `${what}: first page`, paths: [path], goalMs: listGoalMs })
    const deep = await deepPage(client, path)
    if (deep !== null) questions.push({ what: `${what}: page ${pagesDeep}`, paths: [deep], goalMs: listGoalMs })
    const others = sorts.slice(1).map((sort) => `${path}&sort=${sort}`)
    questions.push({ what: `${what}: the other orders`, paths: others, goalMs: listGoalMs })
  }
  return questions
}

async function deepPage(client: HttpClient, path: string): Promise<string | null> {
  let at = path
  for (let page = 1; page < pagesDeep; page++) {
    const { nextCursor } = await client.ask<Listed>(at)
    if (nextCursor === undefined || nextCursor === null) return null
    at = `${path}&cursor=${encodeURIComponent(nextCursor)}`
  }
  return at
}

async function filters(
  client: HttpClient,
  { from, until }: ScaleHistory,
): Promise<readonly (readonly [string, string])[]> {
  const one = async (filter: string) => (await client.ask<Listed>(`${runs}?limit=1&${filter}`)).items[0]
  const failed = await one("status=failed")
  const asked = await one("workflowId=invoice_extraction")
  const again = await one(`query=${encodeURIComponent("has:rerun")}`)
  const time = (at: number) => encodeURIComponent(new Date(at).toISOString())
  const query = (text: string) => `query=${encodeURIComponent(text)}`
  const middle = (from + until) / 2
  return [
    ["all runs", ""],
    ["status failed", "status=failed"],
    ["status completed", "status=completed"],
    ["status waiting", "status=waiting_signal,waiting_approval"],
    ["workflow, the most frequent", "workflowId=billing_sync"],
    ["workflow, a rare one", "workflowId=nightly_report"],
    ["environment prod", "env=prod"],
    ["environment dev", "env=dev"],
    ["version, of many", "version=0.2"],
    ["version, of few", "version=1.7.0"],
    ["tag, of many", "tag=eu-west"],
    ["tag, of few", "tag=audit"],
    ["tag by pattern", query("tag:/^us-/")],
    ["tag by pattern, of few", query("tag:/^aud/")],
    ["without a tag", query("-tag:eu-west")],
    ["error code", "errorCode=billing_broken"],
    ["approval rejected", "hitl=rejected"],
    ["actor", `actor=${encodeURIComponent("user:ann@example.com")}`],
    ["correlation id", `correlationId=${failed!.correlationId}`],
    ["trace id", `traceId=${failed!.traceId}`],
    ["business event", `businessEventId=${encodeURIComponent(asked!.businessEventId!)}`],
    ["parent, none", "parentRunId=run_01J00000000000000000000000"],
    ["run id", query(`id:${failed!.runId}`)],
    ["re-run of", query(`rerun:${again?.rerunOf ?? ""}`)],
    ["root", query(`root:${failed!.runId}`)],
    ["owner", `owner=${encodeURIComponent("user:ann")}`],
    ["resolution open", "resolution=open"],
    ["resolution acknowledged", "resolution=acknowledged"],
    ["the last 24 hours", `from=${time(until - dayMs)}`],
    ["a day in the middle", `from=${time(middle)}&to=${time(middle + dayMs)}`],
    ["started in a week of it", query(`started:${iso(middle)}..${iso(middle + 7 * dayMs)}`)],
    ["ended on a day", query(`ended:${iso(middle)}`)],
    ["created on a day", query(`created:${iso(middle)}`)],
    ["longer than 10 s", query("dur:>10s")],
    ["longer than an hour", query("dur:>1h")],
    ["has an error", query("has:error")],
    ["has a retry", query("has:retry")],
    ["has a re-run", query("has:rerun")],
    ["has a note", query("has:note")],
    ["retries", query("retries:>=2")],
    ["steps", query("steps:>20")],
    ["tokens", query("tokens:>5k")],
    ["error class", query("class:bug")],
    ["error class, of few", query("class:validation_failed")],
    ["error message", query("message:parcel")],
    ["error step", query("step:extract_fields")],
    ["trigger schedule", query("trigger:schedule")],
    ["trigger rerun", query("trigger:rerun")],
    ["reason", query("reason:rejected")],
    ["workflow by glob", query("wf:invoice_*")],
    ["workflow by glob, of none", query("wf:nothing_*")],
    ["run id by glob", query("id:run_0*")],
    ["a value of the input, of few", query("in.customer:customer-1234")],
    ["a value of the input, of many", query("in.amount:>4900")],
    ["a value of the output", query("out.found:399")],
  ]
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** Two filters at once. */
export function pairQuestions({ from, until }: ScaleHistory): readonly Question[] {
  const time = (at: number) => encodeURIComponent(new Date(at).toISOString())
  const middle = (from + until) / 2
  const pairs: readonly (readonly [string, string])[] = [
    ["failed, of a workflow", "status=failed&workflowId=billing_sync"],
    ["failed, in dev", "status=failed&env=dev"],
    ["completed, by an actor", `status=completed&actor=${encodeURIComponent("user:ann@example.com")}`],
    ["a workflow, a day in the middle", `workflowId=tax_check&from=${time(middle)}&to=${time(middle + dayMs)}`],
    ["a version, in stage", "version=1.2&env=stage"],
    ["a tag, of a workflow", "tag=audit&workflowId=ledger_check"],
    ["a tag, failed", "tag=eu-west&status=failed"],
    ["an actor, in dev", `actor=${encodeURIComponent("user:june@example.com")}&env=dev`],
    ["longer than 10 s, of a workflow", `workflowId=mail_sync&query=${encodeURIComponent("dur:>10s")}`],
    ["a word, failed", "q=customer&status=failed"],
    ["a value of the input, failed", `status=failed&query=${encodeURIComponent("in.amount:>4900")}`],
    ["a value of the output, of a workflow", `workflowId=tax_check&query=${encodeURIComponent("out.found:<4")}`],
    ["a word that nothing has, in dev", "q=nothing-of-the-kind&env=dev"],
  ]
  return pairs.map(([what, filter]) => ({ what, paths: [`${runs}?limit=50&${filter}`], goalMs: 200 }))
}

/** Of everything, and of what a filter leaves. */
export function overviewQuestions({ from, until }: ScaleHistory): readonly Question[] {
  const time = (at: number) => encodeURIComponent(new Date(at).toISOString())
  const middle = (from + until) / 2
  const narrowed: readonly (readonly [string, string])[] = [
    ["all runs", ""],
    ["failed", "status=failed"],
    ["a workflow", "workflowId=billing_sync"],
    ["prod", "env=prod"],
    ["a day in the middle", `from=${time(middle)}&to=${time(middle + dayMs)}`],
    ["a tag", "tag=eu-west"],
    ["longer than 10 s", `query=${encodeURIComponent("dur:>10s")}`],
  ]
  return narrowed.flatMap(([what, filter]) => {
    const more = filter === "" ? "" : `&${filter}`
    const whole = filter.includes("from=") ? "" : `&from=${time(from)}&to=${time(until)}`
    return [
      { what: `facets: ${what}`, paths: [`${runs}/facets?${filter}`], goalMs: 100 },
      { what: `counts: ${what}`, paths: [`${runs}/counts?${filter}`], goalMs: 100 },
      { what: `histogram of a day: ${what}`, paths: [`${runs}/histogram?buckets=48${more}`], goalMs: 100 },
      { what: `histogram of it all: ${what}`, paths: [`${runs}/histogram?buckets=90${more}${whole}`], goalMs: 100 },
    ]
  })
}

/** Of twenty runs each: those that failed, those with approvals, those that wait. */
export async function pageQuestions(client: HttpClient, longRunId: string): Promise<readonly Question[]> {
  const idsOf = async (filter: string) =>
    (await client.ask<Listed>(`${runs}?limit=10&${filter}`)).items.map(({ runId }) => runId)
  const some = [...(await idsOf("status=failed")), ...(await idsOf("workflowId=invoice_extraction"))]
  const parts = [
    "",
    "/steps?limit=200",
    "/events?limit=200",
    "/timeline",
    "/why",
    "/lineage",
    "/issue",
    "/context",
    "/approvals",
    "/annotations",
    "/evidence",
    "/remarks",
  ]
  const failed = await idsOf("status=failed")
  return [
    ...parts.map((part) => ({
      what: `a run${part.replace(/\?.*/, "")}`,
      paths: (part === "/issue" ? failed : some).map((runId) => `${runs}/${runId}${part}`),
      goalMs: 50,
    })),
    ...(await longRunQuestions(client, longRunId)),
  ]
}

async function longRunQuestions(client: HttpClient, runId: string): Promise<readonly Question[]> {
  const timeline = `${runs}/${runId}/timeline`
  let deep = timeline
  for (let page = 1; page < pagesDeep; page++) {
    const { nextCursor } = await client.ask<Listed>(deep)
    if (nextCursor === undefined || nextCursor === null) break
    deep = `${timeline}?cursor=${encodeURIComponent(nextCursor)}`
  }
  const what = "the run of 100,000 steps"
  return [
    { what: `${what}: the run`, paths: [`${runs}/${runId}`], goalMs: 50 },
    { what: `${what}: timeline`, paths: [timeline], goalMs: 100 },
    { what: `${what}: timeline, page ${pagesDeep}`, paths: [deep], goalMs: 100 },
    { what: `${what}: a page of 200 steps`, paths: [`${runs}/${runId}/steps?limit=200`], goalMs: 50 },
    { what: `${what}: a page of 200 events`, paths: [`${runs}/${runId}/events?limit=200`], goalMs: 50 },
    { what: `${what}: why`, paths: [`${runs}/${runId}/why`], goalMs: 50 },
  ]
}

export function otherQuestions({ from, until }: ScaleHistory): readonly Question[] {
  const time = (at: number) => encodeURIComponent(new Date(at).toISOString())
  const day = encodeURIComponent(new Date(until - dayMs).toISOString())
  return [
    { what: "numbers of the last seven days", paths: ["/api/v1/insights/metrics"], goalMs: 100 },
    {
      what: "numbers of it all, by day",
      paths: [`/api/v1/insights/metrics?from=${time(from)}&to=${time(until)}&bucket=day`],
      goalMs: 100,
    },
    { what: "issues", paths: ["/api/v1/issues"], goalMs: 50 },
    { what: "workflows", paths: ["/api/v1/workflows?env=prod"], goalMs: 50 },
    { what: "approvals, pending", paths: ["/api/v1/workflow-approvals"], goalMs: 50 },
    { what: "audit", paths: ["/api/v1/audit"], goalMs: 50 },
    { what: "audit, refused", paths: ["/api/v1/audit?outcome=refused"], goalMs: 50 },
    { what: "audit, of a time", paths: [`/api/v1/audit?to=${day}`], goalMs: 50 },
  ]
}
