/** What tests of other packages may take from the engine: builders of rows, and nothing that runs. */

export { tellRuns } from "../core/measures/tell-runs.ts"
export { keepAll, memoryPolicies, readableKeys } from "./builders/redaction.ts"
export { webhookDelivery, webhookEndpoint } from "./builders/webhooks.ts"
