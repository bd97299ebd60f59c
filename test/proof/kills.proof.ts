/** The same story as in `npm test`, a thousand times instead of sixty. */
process.env.CHAOS_KILLS ??= "1000"
await import("../chaos/kill.test.ts")

export {}
