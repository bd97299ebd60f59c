/** The routes of who may, of who is in, and of what they did. */
import type { Access } from "../../access/open-access.ts"
import type { App } from "../shared/app.ts"
import { auditRoutes } from "./audit.ts"
import { keyRoutes } from "./keys.ts"
import { memberRoutes, teamRoutes, workspaceRoutes } from "./people.ts"
import { sessionRoutes } from "./sessions.ts"

export function accessRoutes(app: App, access: Access): void {
  sessionRoutes(app, access)
  workspaceRoutes(app, access)
  memberRoutes(app, access)
  teamRoutes(app, access)
  keyRoutes(app, access)
  auditRoutes(app, access)
}
