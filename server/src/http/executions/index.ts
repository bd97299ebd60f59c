import type { App } from "../shared/app.ts"
import { checkWorkspace } from "../shared/workspace-query.ts"
import { executionRoutes } from "./routes.ts"

export function executionsFacade(app: App): void {
  app.addHook("onRequest", checkWorkspace)
  executionRoutes(app)
}
