/** Computes a service's error rate from the request logs of its pods over the last seconds. Changes nothing. */
import { type Agent, AgentError, objectSchema } from "./lib/agent.ts"
import { listPods } from "./lib/cluster.ts"
import {
  errorRate,
  errorsByPod,
  failures,
  type LoggedRequest,
  type PodErrors,
  requestsSince,
} from "./lib/request-log.ts"

interface Input {
  readonly namespace: string
  readonly service: string
  readonly pod?: string
  readonly window_seconds?: number
}

interface Output {
  readonly error_rate: number
  readonly requests: number
  readonly errors: number
  readonly window_seconds: number
  readonly summary: string
  readonly pods: readonly PodErrors[]
  readonly messages: readonly { readonly message: string; readonly count: number }[]
}

const WINDOW_SECONDS = 10
const MESSAGES_MAX = 5

const agent: Agent<Input, Output> = {
  name: "slo-analyzer",
  description: "Computes the error rate of a service from its pods' request logs, with the errors that occur most.",
  inputSchema: objectSchema(
    {
      namespace: { type: "string", minLength: 1 },
      service: { type: "string", minLength: 1 },
      pod: { type: "string", minLength: 1, description: "Only this pod" },
      window_seconds: { type: "number", minimum: 0.5, maximum: 120, default: WINDOW_SECONDS },
    },
    ["pod", "window_seconds"],
  ),
  outputSchema: objectSchema({
    error_rate: { type: "number", minimum: 0, maximum: 1, description: "Requests answered with 5xx, as a share" },
    requests: { type: "integer", minimum: 1 },
    errors: { type: "integer", minimum: 0 },
    window_seconds: { type: "number" },
    summary: { type: "string" },
    pods: {
      type: "array",
      items: objectSchema({
        pod: { type: "string" },
        requests: { type: "integer" },
        errors: { type: "integer" },
        error_rate: { type: "number" },
        latency_p95_ms: { type: "number" },
      }),
    },
    messages: {
      type: "array",
      maxItems: MESSAGES_MAX,
      items: objectSchema({ message: { type: "string" }, count: { type: "integer" } }),
    },
  }),

  async run({ namespace, service, pod, window_seconds = WINDOW_SECONDS }, { signal, log }) {
    const pods = (await listPods(namespace, service, signal)).filter(({ name }) => pod === undefined || name === pod)
    if (pods.length === 0) throw new AgentError("external_api", "no_pods", `there is no pod ${pod} of ${service}`)
    const requests = await requestsSince(pods, Date.now() - window_seconds * 1_000)
    // Without traffic there is no rate; "0 errors" would claim that the service is well.
    if (requests.length === 0) {
      const detail = `${pod ?? service} logged no request in the last ${window_seconds} s`
      throw new AgentError("transient", "no_traffic", detail)
    }
    const errors = failures(requests)
    const rate = errorRate(requests)
    const summary = `${(rate * 100).toFixed(1)} % of ${requests.length} requests to ${pod ?? service} failed`
    log.info(summary)
    return {
      error_rate: rate,
      requests: requests.length,
      errors: errors.length,
      window_seconds,
      summary,
      pods: errorsByPod(requests),
      messages: commonest(errors),
    }
  },
}

function commonest(errors: readonly LoggedRequest[]): Output["messages"] {
  const counts = new Map<string, number>()
  for (const { error, status } of errors) {
    const message = error ?? `status ${status}`
    counts.set(message, (counts.get(message) ?? 0) + 1)
  }
  return [...counts]
    .map(([message, count]) => ({ message, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MESSAGES_MAX)
}

export default agent
