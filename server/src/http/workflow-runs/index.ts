/**
 * The facade of 004: `/api/v1` for workflows, runs and approvals. It translates between documents and the engine's
 * door and nothing else; deleting this folder deletes the facade.
 */
import type { Engine } from "@waybill/engine"
import type { App } from "../shared/app.ts"
import { approvalRoutes } from "./approvals.ts"
import { bulkRoutes } from "./bulk.ts"
import { definitionRoutes } from "./definitions.ts"
import { environmentRoutes } from "./environments.ts"
import { exportRoutes } from "./export-runs.ts"
import { expressionRoutes } from "./expressions.ts"
import { insightRoutes } from "./insights.ts"
import { remarkRoutes } from "./remarks.ts"
import { runCommandRoutes } from "./run-commands.ts"
import { runHistoryRoutes } from "./run-history.ts"
import { runOverviewRoutes } from "./run-overview.ts"
import { runQueryRoutes } from "./run-query.ts"
import { runRoutes } from "./runs.ts"
import { stepRoutes } from "./steps.ts"
import { workflowInsightRoutes } from "./workflow-insights.ts"
import { workflowRoutes } from "./workflows.ts"

export async function workflowRunsFacade(app: App, engine: Engine): Promise<void> {
  workflowRoutes(app, engine)
  workflowInsightRoutes(app, engine)
  runRoutes(app, engine)
  runCommandRoutes(app, engine)
  remarkRoutes(app, engine)
  runHistoryRoutes(app, engine)
  stepRoutes(app, engine)
  runOverviewRoutes(app, engine)
  exportRoutes(app, engine)
  runQueryRoutes(app)
  insightRoutes(app, engine)
  bulkRoutes(app, engine)
  approvalRoutes(app, engine)
  expressionRoutes(app, engine)
  environmentRoutes(app, engine)
  // Its bodies are read differently, so it has a scope of its own.
  await app.register(async (scope) => definitionRoutes(scope as unknown as App, engine))
}
