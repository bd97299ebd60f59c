import { expect, test } from "vitest"
import type { Answer } from "../../door.ts"
import type { AttachmentRow } from "../../ports/attachments.ts"
import type { StepAttachment } from "../../ports/step-attachments.ts"
import { KeptAttachments } from "./kept-attachments.ts"

const file = (name: string, characters: number): StepAttachment =>
  ({
    place: { runId: "run_1", workspaceId: "default", workflowId: "file", environment: "default" },
    agent: "clerk",
    stepId: "step_1",
    attempt: 1,
    name,
    contentType: "text/plain",
    content: btoa("x".repeat((characters / 4) * 3)),
  }) as StepAttachment

const kept = { ok: true, value: {} as AttachmentRow, position: 0 } as const

/** A disk that takes one file at a time, when it is told to. */
function world(waitingMax: number) {
  const asked: string[] = []
  const said: string[] = []
  const taken: ((answer: Answer<AttachmentRow>) => void)[] = []
  const keeper = new KeptAttachments(
    {
      attach: ({ name }) => {
        asked.push(name)
        return new Promise((resolve) => taken.push(resolve))
      },
      logs: { keep: ({ message }) => void said.push(message) },
    },
    waitingMax,
  )
  const take = async (answer: Answer<AttachmentRow> = kept) => {
    taken.shift()!(answer)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { keeper, asked, said, take }
}

test("what waits for a slow disk is bounded: what comes beyond is said to be lost, and there is room again behind it", async () => {
  const { keeper, asked, said, take } = world(100)
  keeper.keep(file("a", 40))
  keeper.keep(file("b", 60))
  keeper.keep(file("c", 4))
  expect([asked, keeper.dropped]).toEqual([["a"], 1])
  expect(said).toEqual(['The attachment "c" was not kept: more is attached than the disk takes.'])
  await take()
  keeper.keep(file("d", 40))
  keeper.keep(file("e", 4))
  expect([asked, keeper.dropped]).toEqual([["a", "b"], 2])
  const done = keeper.flush()
  await take()
  await take()
  await done
  expect([asked, keeper.dropped]).toEqual([["a", "b", "d"], 2])
})

test("a file that is refused, or that the disk does not take, is said to be lost and holds up nothing", async () => {
  const { keeper, asked, said, take } = world(100)
  for (const name of ["a", "b"]) keeper.keep(file(name, 40))
  await take({ ok: false, rejection: { code: "too_many_attachments", message: "a run has at most 200" } })
  await take()
  await keeper.flush()
  expect([asked, keeper.dropped, said]).toEqual([
    ["a", "b"],
    1,
    ['The attachment "a" was not kept: a run has at most 200.'],
  ])
})
