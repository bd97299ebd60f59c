import { describe, expect, test } from "vitest"
import { operator, World } from "../testing/world/world.ts"

const parent = `
id: parent
version: "1"
name: Asks a child
states:
  - { name: delegate, type: run, workflow: { id: child, input: { n: "{{ ctx.n }}" } }, resultPath: answer, next: done }
  - { name: done, type: inject, data: { finished: true } }
`

const child = `
id: child
version: "1"
name: Does one thing
inputSchema: { type: object, required: [n], properties: { n: { type: integer } } }
states:
  - { name: act, type: operation, action: agent.run, input: { agent: worker } }
`

const deep = `
id: deep
version: "1"
name: Calls itself under its own key
concurrency: { key: only, limit: 1, onLimit: queue }
states:
  - { name: again, type: run, workflow: { id: deep } }
`

const keyed = (onLimit: string) => `
id: keyed
version: "1"
name: One at a time
concurrency: { key: "{{ ctx.key }}", limit: 1, onLimit: ${onLimit} }
states:
  - { name: act, type: operation, action: agent.run, input: { agent: worker } }
`

/** Ends the newest delivery that is out. */
async function endOne(world: World): Promise<void> {
  world.host.end([...world.host.held.values()][0]!, { output: {} })
  await world.turn()
}

describe("a run and its child", () => {
  test("the child runs, and its output comes back to the parent", async () => {
    const world = await World.open({
      workflows: [parent, child],
      agents: { worker: () => ({ output: { doubled: 4 } }) },
    })
    const runId = await world.started("parent", { n: 2 })
    expect(world.row(runId).status).toBe("COMPLETED")
    const [childRow] = [...world.store.runs.values()].map(({ row }) => row).filter((row) => row.parentRunId === runId)
    expect(childRow).toMatchObject({
      status: "COMPLETED",
      rootRunId: runId,
      triggerKind: "parent",
      executionNumber: 1,
      actor: "user:olga",
    })
    expect(world.story(runId, /^child|delegate/)).toEqual([
      "state.entered delegate",
      "child.started delegate",
      "child.finished delegate",
      "context.written delegate",
      "state.exited delegate",
    ])
    const written = world.store.runs.get(runId)!.events.find(({ event }) => event.type === "child.finished")!
    expect(JSON.parse(written.event.payload).output).toEqual({ value: { doubled: 4 } })
    expect([...world.store.outbox]).toEqual([])
  })

  test("a child that cannot start fails its parent with the reason", async () => {
    const world = await World.open({ workflows: [parent, child], agents: { worker: () => ({ output: {} }) } })
    const runId = await world.started("parent", { n: "many" })
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "child_failed" })
    expect(world.row(runId).errorMessage).toContain("breaks the schema")
    expect(world.store.runs.size).toBe(1)
    expect([...world.store.outbox]).toEqual([])
  })

  test("cancelling the parent cancels the child, and the parent ends after it", async () => {
    const world = await World.open({ workflows: [parent, child], agents: { worker: () => "hold" } })
    const runId = await world.started("parent", { n: 1 })
    await world.runs.cancel(operator, runId, { reason: "stop", force: false }, null)
    await world.turn()
    expect([...world.store.runs.values()].map(({ row }) => row.status)).toEqual(["CANCELLED", "CANCELLED"])
    expect([...world.store.outbox]).toEqual([])
  })

  test("pausing the parent pauses the child it waits for, and both go on together", async () => {
    const twice = child.replace(
      "{ agent: worker } }",
      "{ agent: worker }, next: again }\n  - { name: again, type: operation, action: agent.run, input: { agent: worker } }",
    )
    const world = await World.open({ workflows: [parent, twice], agents: { worker: () => "hold" } })
    const runId = await world.started("parent", { n: 1 })
    const statuses = () => [...world.store.runs.values()].map(({ row }) => row.status)
    await world.runs.pause(operator, runId, "look first", null)
    await world.turn()
    expect(statuses()).toEqual(["PAUSED", "PAUSED"])
    await endOne(world)
    expect(world.host.held.size).toBe(0)
    await world.runs.resume(operator, runId, null, null)
    await world.turn()
    expect(statuses()).toEqual(["RUNNING", "RUNNING"])
    await endOne(world)
    expect(statuses()).toEqual(["COMPLETED", "COMPLETED"])
    expect([...world.store.outbox]).toEqual([])
  })

  test("a message that was stored and not delivered is delivered by the next process, with one effect", async () => {
    const world = await World.open({ workflows: [parent, child], agents: { worker: () => ({ output: {} }) } })
    // The process dies right after the parent's commit, in which the message lies.
    let open = (): void => {}
    const commit = world.store.commit.bind(world.store)
    world.store.commit = async (commits) => {
      const outcome = await commit(commits)
      await new Promise<void>((resolve) => {
        open = resolve
      })
      return outcome
    }
    void world.start("parent", { n: 1 })
    await world.turn()
    expect([...world.store.outbox.values()].map((row) => row.kind)).toEqual(["start-child"])
    world.kill()
    void open
    world.store.commit = commit
    await world.boot()
    await world.turn()
    expect([...world.store.runs.values()].map(({ row }) => row.status)).toEqual(["COMPLETED", "COMPLETED"])
    expect([...world.store.outbox]).toEqual([])
    // Delivered once more, the same messages change nothing.
    const events = [...world.store.runs.values()].map((run) => run.events.length)
    const [parentId, childId] = [...world.store.runs.keys()] as [string, string]
    world.store.outbox.set("x", {
      messageId: `${parentId}:000000000005:000000`,
      toRunId: childId,
      kind: "start-child",
      body: JSON.stringify({
        kind: "start-child",
        parentStepId: "s",
        workflowId: "child",
        version: null,
        input: { value: { n: 1 } },
      }),
    })
    world.kill()
    await world.boot()
    await world.turn()
    expect([...world.store.runs.values()].map((run) => run.events.length)).toEqual(events)
  })

  test("a start that is delivered again while the child runs changes nothing for the parent", async () => {
    const world = await World.open({ workflows: [parent, child], agents: { worker: () => "hold" } })
    const parentId = await world.started("parent", { n: 1 })
    const childId = [...world.store.runs.keys()].find((runId) => runId !== parentId)!
    const message = {
      kind: "start-child",
      parentStepId: "s",
      workflowId: "child",
      version: null,
      input: { value: { n: 1 } },
    }
    const messageId = `${parentId}:000000000005:000000`
    world.store.outbox.set(messageId, {
      messageId,
      toRunId: childId,
      kind: "start-child",
      body: JSON.stringify(message),
    })
    world.kill()
    await world.boot()
    await world.turn()
    expect(world.row(parentId)).toMatchObject({ status: "RUNNING", reason: "child" })
    expect([...world.store.outbox]).toEqual([])
    await endOne(world)
    expect(world.row(parentId).status).toBe("COMPLETED")
  })

  test("a child that needs the key its ancestor holds fails at once instead of waiting for ever", async () => {
    const world = await World.open({ workflows: [deep] })
    const runId = await world.started("deep")
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "child_failed" })
    expect(world.row(runId).errorMessage).toContain("which a run above it holds")
  })
})

describe("concurrency keys", () => {
  test("with `queue` runs of one key go one after the other, the oldest first, and other keys do not wait", async () => {
    const world = await World.open({ workflows: [keyed("queue")], agents: { worker: () => "hold" } })
    const [a, b, c] = [
      await world.started("keyed", { key: "x" }),
      await world.started("keyed", { key: "x" }),
      await world.started("keyed", { key: "x" }),
    ]
    const other = await world.started("keyed", { key: "y" })
    const statuses = (): string[] => [a, b, c, other].map((runId) => world.row(runId!).status)
    expect(statuses()).toEqual(["RUNNING", "PENDING", "PENDING", "RUNNING"])
    expect(world.row(b!)).toMatchObject({ reason: "concurrency" })
    await endOne(world)
    expect(statuses()).toEqual(["COMPLETED", "RUNNING", "PENDING", "RUNNING"])
    // A cancelled one in the queue is passed over.
    const d = await world.started("keyed", { key: "x" })
    await world.runs.cancel(operator, c!, { reason: null, force: false }, null)
    await world.turn()
    expect(world.row(c!).status).toBe("CANCELLED")
    await world.runs.cancel(operator, b!, { reason: null, force: false }, null)
    await world.turn()
    expect([world.row(b!).status, world.row(d).status]).toEqual(["CANCELLED", "RUNNING"])
  })

  test("the queue stands again after a crash", async () => {
    const world = await World.open({ workflows: [keyed("queue")], agents: { worker: () => "hold" } })
    const runs: string[] = []
    for (let n = 0; n < 4; n++) {
      runs.push(await world.started("keyed", { key: "x" }))
      await world.advance(1)
    }
    world.kill()
    await world.boot()
    expect(runs.map((runId) => world.row(runId).status)).toEqual(["RUNNING", "PENDING", "PENDING", "PENDING"])
    const late = await world.started("keyed", { key: "x" })
    for (let n = 0; n < 4; n++) await endOne(world)
    expect(runs.map((runId) => world.row(runId).status)).toEqual(["COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED"])
    expect(world.row(late).status).toBe("RUNNING")
  })

  test("with `cancelNew` a start is refused while the key is held", async () => {
    const world = await World.open({ workflows: [keyed("cancelNew")], agents: { worker: () => "hold" } })
    await world.started("keyed", { key: "x" })
    expect(await world.start("keyed", { key: "x" })).toMatchObject({
      ok: false,
      rejection: { code: "concurrency_limit", data: { key: "x" } },
    })
    expect((await world.start("keyed", { key: "y" })).ok).toBe(true)
    await world.turn()
    await endOne(world)
    expect((await world.start("keyed", { key: "x" })).ok).toBe(true)
  })

  test("with `cancelRunning` the new run begins when the old one has ended", async () => {
    const world = await World.open({ workflows: [keyed("cancelRunning")], agents: { worker: () => "hold" } })
    world.host.onCancel = "never"
    const old = await world.started("keyed", { key: "x" })
    const fresh = await world.started("keyed", { key: "x" })
    expect([world.row(old).reason, world.row(fresh).status]).toEqual(["cancelling", "PENDING"])
    world.host.say({ kind: "stopped", key: world.host.cancels[0]!.key, how: "signal" })
    await world.turn()
    expect([world.row(old).status, world.row(fresh).status]).toEqual(["CANCELLED", "RUNNING"])
  })

  test("a start whose commit is refused gives its slot back", async () => {
    const world = await World.open({ workflows: [keyed("queue")], agents: { worker: () => "hold" } })
    let faults = 2
    world.store.fault = () =>
      faults-- > 0 ? { kind: "refused", runId: null, code: "constraint", message: "as told" } : null
    expect((await world.start("keyed", { key: "x" })).ok).toBe(false)
    expect(world.row(await world.started("keyed", { key: "x" })).status).toBe("RUNNING")
  })
})
