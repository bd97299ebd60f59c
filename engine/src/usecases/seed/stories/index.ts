import type { Story } from "../story.ts"
import { customerOnboarding } from "./customer-onboarding.ts"
import { invoiceExtraction } from "./invoice-extraction.ts"
import { nightlyReport } from "./nightly-report.ts"
import { orderFulfilment } from "./order-fulfilment.ts"
import { releaseRollout } from "./release-rollout.ts"
import { supportTriage } from "./support-triage.ts"

export const stories: readonly Story[] = [
  invoiceExtraction,
  orderFulfilment,
  supportTriage,
  customerOnboarding,
  releaseRollout,
  nightlyReport,
]
