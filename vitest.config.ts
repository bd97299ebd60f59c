import { defineConfig } from "vitest/config"

/** All tests but the proofs. Two workers at most: the machine that counts has two cores, and some tests start processes. */
export default defineConfig({
  test: {
    include: ["{contract,engine,agents,server,sdk,cli,web,examples,test,scripts}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    // What is waited for comes as soon as it can; on a busy machine the usual second is no proof that it does not.
    expect: { poll: { timeout: 10_000 } },
  },
})
