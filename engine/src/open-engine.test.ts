import { expect, test } from "vitest"
import { MemoryBulk } from "./adapters/memory/memory-bulk.ts"
import { EngineWorld } from "./testing/world/engine-world.ts"
import { VirtualClock } from "./testing/world/virtual-clock.ts"

test("an engine that cannot open its door leaves no loop running behind it", async () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1))
  const broken = Object.assign(new MemoryBulk(), {
    forgetFreezing: () => Promise.reject(new Error("the disk is gone")),
  })
  await expect(EngineWorld.open({ workflows: [], clock, bulk: broken })).rejects.toThrow("the disk is gone")
  expect(clock.nextAt(), "something waits for its turn").toBeNull()
})
