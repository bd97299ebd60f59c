/** Environments: their agents, and making the server look at their files again (W19). */
import { Agent, AgentPage, SyncPlan, SyncRequest } from "@waybill/contract"
import type { Engine } from "@waybill/engine"
import { Type } from "typebox"
import { accepted, finding, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { idempotency } from "../shared/idempotency.ts"
import { cursor, environment, LIST_LIMIT_MAX, nameCursor, nameOfCursor } from "../shared/parameters.ts"

const name = Type.String({ minLength: 1, maxLength: 256 })
const inEnvironment = Type.Object({ env: environment }, { additionalProperties: false })

export function environmentRoutes(app: App): void {
  app.get(
    "/agents",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["environments"],
        operationId: "listAgents",
        summary: "Agents of an environment, with their contracts",
        querystring: Type.Object({ env: environment, cursor }, { additionalProperties: false }),
        response: { 200: AgentPage },
      },
    },
    async ({ engine, query }) => {
      const after = nameOfCursor(query.cursor) ?? ""
      const all = agents(engine, query.env ?? "default").filter((agent) => agent.name > after)
      const items = all.slice(0, LIST_LIMIT_MAX)
      return {
        items,
        nextCursor: all.length > items.length ? nameCursor(items.at(-1)!.name) : null,
      }
    },
  )

  app.get(
    "/agents/:name",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["environments"],
        operationId: "getAgent",
        summary: "One agent",
        params: Type.Object({ name }),
        querystring: inEnvironment,
        response: { 200: Agent },
      },
    },
    async ({ engine, params, query }) => {
      const env = query.env ?? "default"
      const agent = agents(engine, env).find((one) => one.name === params.name)
      return found(agent, "agent_not_found", `the environment ${env} has no agent ${params.name}`)
    },
  )

  app.post(
    "/environments/:env/sync",
    {
      config: { role: "admin", needs: "definitions:write", scope: "server" },
      schema: {
        tags: ["environments"],
        operationId: "sync",
        summary: "Make workflows and agents as their files are",
        description:
          "With `dryRun` only the plan. When something stands against it nothing is applied, and `refused` says what.",
        params: Type.Object({ env: name }),
        body: SyncRequest,
        response: { 200: SyncPlan },
      },
    },
    async (request, reply) => {
      const { body, caller, params } = request
      const options = {
        environment: params.env,
        dryRun: body.dryRun ?? false,
        force: body.force ?? false,
        prune: body.prune ?? false,
      }
      const plan = accepted(await request.engine.definitions.sync(caller.actor, options, idempotency(request)), reply)
      return {
        ...plan,
        changes: plan.changes.map((change) => ({ ...change, problems: change.problems.map(finding) })),
        agents: plan.agents.map((change) => ({ ...change, problems: change.problems.map(finding) })),
      }
    },
  )
}

/** By name. */
function agents(engine: Engine, env: string): Agent[] {
  return engine.definitions
    .agents(env)
    .map((agent) => ({ ...agent, environment: env, problems: agent.problems.map(finding) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
