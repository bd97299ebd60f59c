/**
 * The cluster as agents see it: what the supervisor lists, and what each pod says of itself when asked. The supervisor's
 * word is never taken for a pod's health.
 */
import { setTimeout as delay } from "node:timers/promises"
import { AgentError } from "./agent.ts"
import { exampleState } from "./example-state.ts"
import { ask, askOk, isRecord } from "./http.ts"

/** A pod as listed; `url` and `pid` are null while no process serves under its name. */
export interface Pod {
  readonly name: string
  readonly service: string
  readonly pid: number | null
  readonly url: string | null
  readonly restarts: number
  readonly logFile: string
}

export interface PodHealth {
  readonly ready: boolean
  /** The pod's own reason, or why it could not be asked; empty when it is ready. */
  readonly reason: string
}

export interface Restart {
  readonly pod: string
  readonly oldPid: number | null
  readonly pid: number
  /** ISO 8601. */
  readonly at: string
}

const HEALTH_DEADLINE_MS = 2_000
const RECOVERY_POLL_MS = 100

export async function listPods(namespace: string, service: string | undefined, signal: AbortSignal): Promise<Pod[]> {
  const query = service === undefined ? "" : `?service=${encodeURIComponent(service)}`
  const path = `/namespaces/${encodeURIComponent(namespace)}/pods${query}`
  const answer = await askOk(`${(await exampleState()).service}${path}`, { signal })
  if (isRecord(answer) && Array.isArray(answer.pods)) return answer.pods as Pod[]
  throw new AgentError("external_api", "unexpected_answer", "the supervisor did not list pods")
}

/** Asks the pod itself. A pod that cannot be asked is not ready; only a cancel throws. */
export async function askHealth(pod: Pod, signal: AbortSignal): Promise<PodHealth> {
  if (pod.url === null) return { ready: false, reason: "no process is serving" }
  try {
    const { status, body } = await ask(`${pod.url}/healthz`, { signal, deadlineMs: HEALTH_DEADLINE_MS })
    if (status === 200) return { ready: true, reason: "" }
    const reason = isRecord(body) && typeof body.reason === "string" ? body.reason : `answered ${status}`
    return { ready: false, reason }
  } catch (error) {
    if (signal.aborted) throw error
    return { ready: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

export interface CheckedPod {
  readonly pod: Pod
  readonly health: PodHealth
}

export function askAll(pods: readonly Pod[], signal: AbortSignal): Promise<CheckedPod[]> {
  return Promise.all(pods.map(async (pod) => ({ pod, health: await askHealth(pod, signal) })))
}

/** A new process for the pod. The same key again does not restart it again and answers as the first time. */
export async function restartPod(namespace: string, pod: string, key: string, signal: AbortSignal): Promise<Restart> {
  const path = `/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/restart`
  const answer = await askOk(`${(await exampleState()).service}${path}`, {
    method: "POST",
    body: {},
    headers: { "idempotency-key": key },
    signal,
    deadlineMs: 20_000,
  })
  return answer as Restart
}

/** Restarts already made under a key: what an earlier delivery of the same step had done before it was lost. */
export async function restartsUnder(key: string, signal: AbortSignal): Promise<Restart[]> {
  const answer = await askOk(`${(await exampleState()).service}/restarts?key=${encodeURIComponent(key)}`, { signal })
  return isRecord(answer) && Array.isArray(answer.restarts) ? (answer.restarts as Restart[]) : []
}

/** Asks until the pod is ready or the time is over; answers the last health. */
export async function untilReady(
  namespace: string,
  name: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<PodHealth> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const pod = (await listPods(namespace, undefined, signal)).find((candidate) => candidate.name === name)
    const health = pod ? await askHealth(pod, signal) : { ready: false, reason: "the pod is gone" }
    if (health.ready || performance.now() > deadline) return health
    await delay(RECOVERY_POLL_MS, undefined, { signal })
  }
}
