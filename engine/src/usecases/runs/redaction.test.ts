import { describe, expect, test } from "vitest"
import { hushing, secretWord } from "../../testing/simulator/hush.ts"
import { operator, World } from "../../testing/world/world.ts"

/** Each door once: input, an agent's failure and result, a signal, a decision, and the context of a re-run. */
const doors = `
id: doors
version: "1"
name: Hears a secret by every door
states:
  - { name: ask, type: operation, action: agent.run, input: { agent: teller }, retry: { maxAttempts: 2 }, resultPath: told, next: hear }
  - { name: hear, type: listen, signal: go, resultPath: heard, next: gate }
  - name: gate
    type: operation
    action: human.approval
    input: { message: "go on?", approvers: ["user:olga"] }
    resultPath: gate
    next: route
  - name: route
    type: switch
    conditions: [{ if: "told.word == '***' and heard.word == '***'", next: use }]
    defaultNext: wrong
  - { name: use, type: operation, action: agent.run, input: { agent: user, variables: { told: "{{ ctx.told }}", given: "{{ ctx.given }}" } }, end: true }
  - { name: wrong, type: inject, data: {} }
`

describe("what may not be kept", () => {
  test.each(["in one life", "with a restart behind every step"])(
    "by any door lies nowhere, and a restart changes nothing in what follows (%s)",
    async (how) => {
      const asked: unknown[] = []
      const word = `the ${secretWord}`
      const world = await World.open({
        workflows: [doors],
        redaction: hushing,
        agents: {
          teller: ({ attempt }) =>
            attempt === 1
              ? { error: { class: "transient", code: "busy", title: word, detail: word, data: { word } } }
              : { output: { word: secretWord } },
          user: ({ input }) => {
            asked.push(input)
            return { output: { done: true } }
          },
        },
      })
      const restart = async () => {
        if (how === "in one life") return
        world.kill()
        await world.boot()
        await world.turn()
      }
      const runId = await world.started("doors", { given: word })
      await restart()
      await world.advance(10_000)
      await restart()
      await world.runs.signal(operator, runId, { name: "go", id: "s1", data: { word: secretWord } }, null)
      await world.turn()
      await restart()
      const [approval] = [...world.store.approvals.values()]
      const decision = { outcome: "approve", comment: word, form: { word }, contentHash: null }
      await world.runs.decideApproval(operator, runId, approval!.approvalId, decision, null)
      await world.turn()
      expect(world.row(runId).status).toBe("COMPLETED")
      const patch = { from: "use", version: null, inputPatch: null, contextPatch: { given: word }, reason: "again" }
      expect(await world.runs.rerun(operator, runId, patch, null)).toMatchObject({ ok: true })
      await world.turn()
      expect(asked).toEqual(Array(2).fill({ told: { word: "***" }, given: "the ***" }))
      const stored = JSON.stringify([...world.store.runs.values()].map(({ row, events }) => ({ row, events })))
      expect(stored).toContain("the ***")
      expect(stored).not.toContain(secretWord)
    },
  )
})
