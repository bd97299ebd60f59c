/** `/insights/…` and `/slos`: the numbers of R7. It only translates; what they are made of is the engine's. */
import type { Measures } from "@waybill/engine"
import type { App } from "../shared/app.ts"
import { issueRoutes } from "./issues.ts"
import { metricRoutes } from "./metrics.ts"
import { outcomeRoutes } from "./outcomes.ts"
import { serviceRoutes } from "./service.ts"
import { sloRoutes } from "./slos.ts"

export function measureRoutes(app: App, measures: Measures): void {
  metricRoutes(app, measures)
  serviceRoutes(app, measures)
  sloRoutes(app, measures)
  issueRoutes(app, measures.issues)
  outcomeRoutes(app, measures.outcomes)
}
