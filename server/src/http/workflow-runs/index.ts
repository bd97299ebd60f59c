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

export async function workflowRunsFacade(app: App): Promise<void> {
  workflowRoutes(app)
  workflowInsightRoutes(app)
  runRoutes(app)
  runCommandRoutes(app)
  remarkRoutes(app)
  runHistoryRoutes(app)
  stepRoutes(app)
  runOverviewRoutes(app)
  exportRoutes(app)
  runQueryRoutes(app)
  insightRoutes(app)
  bulkRoutes(app)
  approvalRoutes(app)
  expressionRoutes(app)
  environmentRoutes(app)
  // Its bodies are read differently, so it has a scope of its own.
  await app.register(async (scope) => definitionRoutes(scope as unknown as App))
}
