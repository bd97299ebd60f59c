/**
 * The facade of 002: `/api/workflows`, where a run is an execution. It translates between its documents and the engine's
 * door and adds nothing to either; deleting this folder deletes the facade.
 */
import type { Engine } from "@waybill/engine"
import type { App } from "../shared/app.ts"
import { checkWorkspace } from "../shared/workspace-query.ts"
import { executionRoutes } from "./routes.ts"

export function executionsFacade(app: App, engine: Engine): void {
  app.addHook("onRequest", checkWorkspace)
  executionRoutes(app, engine)
}
