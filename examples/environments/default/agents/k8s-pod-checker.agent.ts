/** Asks every pod of a namespace for its health, at the pod itself. Changes nothing. */
import { type Agent, AgentError, objectSchema } from "./lib/agent.ts"
import { askAll, listPods } from "./lib/cluster.ts"

interface Input {
  readonly namespace: string
  readonly service?: string
}

interface Output {
  readonly status: "healthy" | "degraded" | "critical"
  readonly summary: string
  readonly unhealthy: readonly string[]
  readonly pods: readonly {
    readonly name: string
    readonly service: string
    readonly ready: boolean
    readonly reason: string
    readonly pid: number | null
    readonly restarts: number
  }[]
}

const agent: Agent<Input, Output> = {
  name: "k8s-pod-checker",
  description: "Asks every pod of a namespace for its health and lists those that are not ready, with their reason.",
  inputSchema: objectSchema(
    {
      namespace: { type: "string", minLength: 1, description: "The namespace whose pods are asked" },
      service: { type: "string", minLength: 1, description: "Only the pods of this service" },
    },
    ["service"],
  ),
  outputSchema: objectSchema({
    status: { enum: ["healthy", "degraded", "critical"] },
    summary: { type: "string" },
    unhealthy: { type: "array", items: { type: "string" } },
    pods: {
      type: "array",
      items: objectSchema({
        name: { type: "string" },
        service: { type: "string" },
        ready: { type: "boolean" },
        reason: { type: "string" },
        pid: { type: ["integer", "null"] },
        restarts: { type: "integer", minimum: 0 },
      }),
    },
  }),

  async run({ namespace, service }, { signal, log }) {
    const checked = await askAll(await listPods(namespace, service, signal), signal)
    if (checked.length === 0) throw new AgentError("external_api", "no_pods", `there are no pods in ${namespace}`)
    const unhealthy = checked.filter(({ health }) => !health.ready).map(({ pod }) => pod.name)
    const summary = `${checked.length - unhealthy.length} of ${checked.length} pods in ${namespace} are ready`
    log.info(summary, { unhealthy })
    return {
      status: status(unhealthy.length, checked.length),
      summary,
      unhealthy,
      pods: checked.map(({ pod, health }) => ({
        name: pod.name,
        service: pod.service,
        ...health,
        pid: pod.pid,
        restarts: pod.restarts,
      })),
    }
  },
}

function status(unhealthy: number, all: number): Output["status"] {
  if (unhealthy === 0) return "healthy"
  return unhealthy === all ? "critical" : "degraded"
}

export default agent
