/**
 * Restarts the pods that say they are unhealthy, waits until they say they are well, and measures the error rate from
 * then on. Delivered twice it restarts nothing twice: the step's effect key goes with every restart, and restarts already
 * made under it are asked for first.
 */
import { setTimeout as delay } from "node:timers/promises"
import { type Agent, type AgentContext, AgentError, objectSchema } from "./lib/agent.ts"
import {
  askAll,
  listPods,
  type Pod,
  type PodHealth,
  type Restart,
  restartPod,
  restartsUnder,
  untilReady,
} from "./lib/cluster.ts"
import { errorRate, type LoggedRequest, requestsSince } from "./lib/request-log.ts"

interface Input {
  readonly namespace: string
  readonly service?: string
  readonly pod?: string
  readonly even_if_healthy?: boolean
}

interface Output {
  readonly result: string
  readonly restarted: readonly {
    readonly pod: string
    readonly reason: string
    readonly old_pid: number | null
    readonly new_pid: number
  }[]
  readonly error_rate_before: number
  /** Null when no request came after the restart. */
  readonly error_rate_after: number | null
  readonly requests_after: number
}

const BEFORE_MS = 10_000
const RECOVERY_MS = 10_000
/** After a restart so many requests are awaited before the rate is measured, but no longer than this. */
const EVIDENCE_REQUESTS = 45
const EVIDENCE_MS = 10_000

const agent: Agent<Input, Output> = {
  name: "k8s-remediator",
  description: "Restarts unhealthy pods, waits until they are well and measures the error rate before and after.",
  inputSchema: objectSchema(
    {
      namespace: { type: "string", minLength: 1 },
      service: { type: "string", minLength: 1, description: "Only the pods of this service" },
      pod: { type: "string", minLength: 1, description: "Only this pod" },
      even_if_healthy: { type: "boolean", default: false, description: "Restart pods that are well too" },
    },
    ["service", "pod", "even_if_healthy"],
  ),
  outputSchema: objectSchema({
    result: { type: "string", description: "What was done, in a sentence for people" },
    restarted: {
      type: "array",
      items: objectSchema({
        pod: { type: "string" },
        reason: { type: "string" },
        old_pid: { type: ["integer", "null"] },
        new_pid: { type: "integer" },
      }),
    },
    error_rate_before: { type: "number", minimum: 0, maximum: 1 },
    error_rate_after: { type: ["number", "null"], minimum: 0, maximum: 1 },
    requests_after: { type: "integer", minimum: 0 },
  }),

  async run(input, ctx) {
    const { namespace, service, even_if_healthy = false } = input
    const earlier = await restartsUnder(ctx.effectKey, ctx.signal)
    const pods = (await listPods(namespace, service, ctx.signal)).filter(
      ({ name }) => input.pod === undefined || name === input.pod,
    )
    if (pods.length === 0) throw new AgentError("external_api", "no_pods", `no such pod in ${namespace}`)
    const checked = await askAll(pods, ctx.signal)
    const before = errorRate(await requestsSince(pods, Date.now() - BEFORE_MS))

    const restarted: Output["restarted"][number][] = []
    for (const { pod, health } of checked) {
      const again = earlier.some((restart) => restart.pod === pod.name)
      if (health.ready && !again && !even_if_healthy) continue
      restarted.push(done(await mend(namespace, pod, ctx), reason(health, again)))
    }
    if (restarted.length === 0) {
      const result = `Nothing to restart: all ${pods.length} pods in ${namespace} are healthy.`
      return { result, restarted, error_rate_before: before, error_rate_after: before, requests_after: 0 }
    }

    const after = await evidence(pods, ctx)
    const rate = after.length === 0 ? null : errorRate(after)
    const result = `Restarted ${restarted.map(described).join(", ")}. ${change(before, rate)}`
    ctx.log.info(result)
    return { result, restarted, error_rate_before: before, error_rate_after: rate, requests_after: after.length }
  },
}

async function mend(namespace: string, pod: Pod, ctx: AgentContext): Promise<Restart> {
  ctx.heartbeat({ restarting: pod.name })
  const restart = await restartPod(namespace, pod.name, ctx.effectKey, ctx.signal)
  const health = await untilReady(namespace, pod.name, RECOVERY_MS, ctx.signal)
  if (health.ready) return restart
  throw new AgentError("external_api", "pod_still_unhealthy", `${pod.name} after its restart: ${health.reason}`)
}

/** What the pods log from now on, until it is enough to judge by. */
async function evidence(pods: readonly Pod[], ctx: AgentContext): Promise<LoggedRequest[]> {
  const since = Date.now()
  for (;;) {
    const requests = await requestsSince(pods, since)
    if (requests.length >= EVIDENCE_REQUESTS || Date.now() - since > EVIDENCE_MS) return requests
    ctx.heartbeat({ requests: requests.length })
    await delay(200, undefined, { signal: ctx.signal })
  }
}

function reason(health: PodHealth, again: boolean): string {
  if (again) return "restarted by an earlier delivery of this step"
  return health.ready ? "asked for" : health.reason
}

function done(restart: Restart, reason: string): Output["restarted"][number] {
  return { pod: restart.pod, reason, old_pid: restart.oldPid, new_pid: restart.pid }
}

function described({ pod, reason }: Output["restarted"][number]): string {
  return `${pod} (${reason})`
}

function change(before: number, after: number | null): string {
  if (after === null) return "No request has come since."
  const percent = (rate: number) => `${(rate * 100).toFixed(1)} %`
  return `The error rate went from ${percent(before)} to ${percent(after)}.`
}

export default agent
