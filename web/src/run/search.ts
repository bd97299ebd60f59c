import type { RawSearch } from "../page/define-page.ts"
import { oneOf, readSearch, readText, readWhole, someOf, textThat } from "../page/read-search.ts"
import { logLevels, type RunSearch, runActs, runLenses, runTabs, stepParts } from "../paths.ts"
import { eventTypes } from "./events/event-types.ts"
import { readSort } from "./steps/step-order.ts"
import { readZoom } from "./timeline/axis.ts"

export const runSearch = (raw: RawSearch) =>
  readSearch<RunSearch>(raw, {
    step: readText,
    attempt: readWhole,
    part: oneOf(...stepParts),
    tab: oneOf(...runTabs),
    lens: oneOf(...runLenses),
    only: oneOf("failed", "critical"),
    zoom: textThat((text) => readZoom(text, 0) !== undefined),
    at: readWhole,
    event: readWhole,
    types: someOf(...eventTypes),
    line: readWhole,
    level: oneOf(...logLevels),
    sort: textThat((text) => readSort(text) !== undefined),
    act: oneOf(...runActs),
    from: readText,
    approval: readText,
  })
