import { defineConfig } from "vitest/config"
import { LongFirst } from "./scripts/testing/long-first.ts"

/** Files that start no process and change nothing of the one they run in: they take turns in the same two. */
const plain = ["{engine/src/core,engine/src/usecases,web/src,contract,sdk}/**/*.test.{ts,tsx}"]
const all = ["{contract,engine,agents,server,sdk,cli,web,examples,test,scripts}/**/*.test.{ts,tsx}"]
const nowhere = ["**/node_modules/**", "**/dist/**"]

/** All tests but the proofs. Two workers at most: the machine that counts has two cores, and some tests start processes. */
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    // What is waited for comes as soon as it can; on a busy machine the usual second is no proof that it does not.
    expect: { poll: { timeout: 10_000 } },
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: "plain", include: plain, exclude: nowhere, isolate: false } },
      { extends: true, test: { name: "own process", include: all, exclude: [...nowhere, ...plain] } },
    ],
  },
})
