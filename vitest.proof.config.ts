import { defineConfig } from "vitest/config"

/** The proofs: each uses the whole machine and takes as long as it takes. */
export default defineConfig({
  test: {
    include: ["test/proof/**/*.proof.ts"],
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 0,
    hookTimeout: 0,
  },
})
