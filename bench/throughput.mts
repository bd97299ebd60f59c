import { completeRun, openWaybill } from "./lib/waybill.ts"

const runs = Number(process.argv[2] ?? 4000),
  inFlight = Number(process.argv[3] ?? 200),
  rounds = Number(process.argv[4] ?? 5)
const waybill = await openWaybill()
for (let round = 0; round < rounds; round++) {
  let started = 0
  const [cpu, at] = [process.cpuUsage(), performance.now()]
  const before = waybill.engine.health().counters.commits ?? 0
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (started < runs) await completeRun(waybill.engine, "three-steps", { n: started++ })
    }),
  )
  const ms = performance.now() - at
  const { user, system } = process.cpuUsage(cpu)
  console.log(
    `${Math.round((runs / ms) * 1000)} runs/s, CPU ${((user + system) / 1e3 / runs).toFixed(3)} s/1000 (${(user / 1e3 / runs).toFixed(3)} user), ${waybill.engine.health().counters.commits! - before} commits`,
  )
}
await waybill.close()
