import type { Story } from "../story.ts"
import { customerOnboarding } from "./customer-onboarding.ts"
import { invoiceExtraction } from "./invoice-extraction.ts"
import { orderFulfilment } from "./order-fulfilment.ts"
import { nightlyReport, releaseRollout } from "./release-rollout.ts"
import { supportTriage } from "./support-triage.ts"

export const stories: readonly Story[] = [
  invoiceExtraction,
  orderFulfilment,
  supportTriage,
  customerOnboarding,
  releaseRollout,
  nightlyReport,
]
