/** Measures of which nothing was counted: for tests of what all routes have in common. */
import { DurationTargets, type Measures, openMeasures } from "@waybill/engine"
import { keepAll, tellRuns } from "@waybill/engine/testing"

export const noMeasures: Measures = openMeasures({
  store: {
    cursor: async () => ({ position: 0, round: 1 }),
    slice: async (after, head) => ({ from: after, to: head, runs: 0, rollups: [], stepRollups: [], failures: [] }),
    add: async () => true,
    restart: async () => true,
    runs: async () => ({ cells: [], folded: [] }),
    told: async () => tellRuns([]),
    steps: async () => [],
    scan: async () => ({ cells: [], runs: 0, complete: true }),
    repairs: async () => ({ buckets: [], exact: true }),
    service: async () => ({
      delivery: { owed: 0, delivered: 0, deliveredInTime: 0, dead: 0, share: null, exact: true },
      evidence: { runs: 0, expired: 0, missing: 0, share: null, exact: true },
    }),
    slos: async () => [],
    everySlo: async () => [],
    putSlo: async () => true,
    removeSlo: async () => false,
  },
  issues: {
    issues: async () => [],
    issue: async () => null,
    issueOf: async () => null,
    issueRuns: async () => [],
    changeIssue: async () => false,
  },
  outcomes: {
    outcomes: async () => [],
    addOutcome: async () => true,
    experience: async () => ({
      experienceCount: 0,
      experienceMean: null,
      minutesSavedCount: 0,
      minutesSaved: 0,
      timeToFeatureCount: 0,
      timeToFeatureMeanMs: null,
      exact: true,
    }),
  },
  targets: await DurationTargets.open({ slos: async () => [], everySlo: async () => [] }),
  redaction: keepAll,
  newId: (prefix) => `${prefix}_1`,
  clock: { now: () => 0, monotonic: () => 0, setTimer: () => () => {} },
  log: { write: () => {} },
  head: () => 0,
  onError: () => {},
})
