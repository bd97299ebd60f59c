/**
 * Makes one run after the other, each with what it is started with, by whom, under which version: a story picked by its
 * weight, or a failed run that somebody runs again by now.
 */
import { Random } from "../../core/random.ts"
import { defaultLimits } from "../../core/run/limits.ts"
import type { StartFacts } from "../../core/run/start.ts"
import type { ResolvedDefinition } from "../../ports/definition-source.ts"
import type { Hashing } from "../../ports/hashing.ts"
import type { Schemas } from "../../ports/schemas.ts"
import { executionNumberKey, type RunCommit } from "../../ports/store.ts"
import { BlobCache } from "../../runtime/blob-cache.ts"
import type { EnvPorts } from "../../runtime/run-env.ts"
import { fileWorkspace } from "../definitions/registry.ts"
import { playRun } from "./play-run.ts"
import type { ServingVersions } from "./save-stories.ts"
import { seededChance } from "./seeded-chance.ts"
import { around, type Beginning, type Story } from "./story.ts"
import { storyAgents } from "./story-agents.ts"

export interface MakerPorts {
  readonly schemas: Schemas
  readonly hashing: Hashing
}

export interface MakerRequest {
  readonly seed: number
  /** The end of the period, in milliseconds since the epoch. */
  readonly until: number
  /** Derives the names of large values (rule 20). */
  readonly blobSecret: string
  readonly waybillVersion: string
}

/** Of runs that failed: how many are run again. */
const rerunShare = 0.3
const cancelShare = 0.02

interface Again {
  readonly at: number
  readonly story: Story
  readonly beginning: Beginning
  readonly facts: StartFacts
  readonly runId: string
}

export class HistoryMaker {
  readonly #request: MakerRequest
  readonly #stories: ReadonlyMap<string, Story>
  readonly #weights: { readonly [workflowId: string]: number }
  readonly #saved: ServingVersions
  /** The next execution number of each definition. */
  readonly #numbers: Map<string, number>
  readonly #random: Random
  readonly #ports: EnvPorts
  #again: Again[] = []
  #now = 0
  #count = 0

  constructor(
    ports: MakerPorts,
    request: MakerRequest,
    stories: readonly Story[],
    saved: ServingVersions,
    numbers: ReadonlyMap<string, number>,
  ) {
    this.#request = request
    this.#stories = new Map(stories.map((story) => [story.workflowId, story]))
    this.#weights = Object.fromEntries(stories.map(({ workflowId, weight }) => [workflowId, weight]))
    this.#saved = saved
    this.#numbers = new Map(numbers)
    this.#random = new Random(request.seed, 2)
    const agents = storyAgents(stories)
    this.#ports = {
      chance: seededChance(this.#random, () => this.#now),
      hashing: ports.hashing,
      schemas: ports.schemas,
      host: {
        find: (environment, name) =>
          agents.find((agent) => agent.environment === environment && agent.name === name) ?? null,
      },
      blobCache: new BlobCache(1 << 20),
      limits: defaultLimits,
      instance: "seed",
      blobSecret: request.blobSecret,
      // Now and then all executors are busy.
      reserve: () => !this.#random.chance(0.15),
    }
  }

  /** A failed run that somebody runs again by now. */
  dueAgain(at: number): RunCommit | null {
    const index = this.#again.findIndex((one) => one.at <= at)
    if (index === -1) return null
    const [{ story, beginning, facts, runId }] = this.#again.splice(index, 1) as [Again]
    const trigger = { kind: "rerun", runId, reason: "the cause is gone", from: null } as const
    return this.#play(at, story, beginning, { ...facts, trigger, rerunOf: runId })
  }

  run(at: number): RunCommit {
    for (let tries = 0; tries < 100; tries++) {
      const story = this.#pickStory()
      const environment = this.#random.weighted(story.environments)
      const beginning = story.start(this.#random, ++this.#count)
      const found = this.#saved.at(environment, story.workflowId, at)
      const commit = this.#play(at, story, beginning, this.#facts(environment, beginning, found))
      if (commit !== null) return commit
    }
    throw new Error("no run ends before the end of the period")
  }

  #pickStory(): Story {
    return this.#stories.get(this.#random.weighted(this.#weights))!
  }

  #play(at: number, story: Story, beginning: Beginning, facts: StartFacts): RunCommit | null {
    this.#now = at
    const found = this.#saved.at(facts.environment, story.workflowId, at)
    const random = this.#random
    const runId = this.#ports.chance.id("run")
    const own = { ...facts, rootRunId: runId, traceId: traceId(random, at), spanId: random.hex(16) }
    const { definition, hash, versionNumber } = found
    const cancelAfterMs = random.chance(cancelShare) ? random.between(500, 20_000) : null
    const { input, actor } = beginning
    const { until } = this.#request
    const key = executionNumberKey(fileWorkspace, facts.environment, story.workflowId)
    const executionNumber = this.#numbers.get(key) ?? 1
    const correlationId = facts.correlationId || runId
    const asked = { ...own, correlationId, definitionHash: hash, versionNumber, executionNumber }
    const commit = playRun(this.#ports, random, {
      runId,
      story,
      definition,
      facts: asked,
      input,
      actor,
      at,
      until,
      cancelAfterMs,
    })
    if (commit === null) return null
    // Numbers are given to those that come to be, in their order.
    this.#numbers.set(key, executionNumber + 1)
    const { status, completedAt } = commit.run
    if (status === "FAILED" && facts.rerunOf === null && random.chance(rerunShare))
      this.#again.push({ at: completedAt! + around(random, 1_200_000), story, beginning, facts: asked, runId })
    return commit
  }

  #facts(environment: string, beginning: Beginning, found: ResolvedDefinition): StartFacts {
    return {
      workspaceId: fileWorkspace,
      projectId: "default",
      environment,
      versionNumber: found.versionNumber,
      definitionHash: found.hash,
      executionNumber: 0,
      trigger: { kind: beginning.trigger },
      correlationId: "",
      businessEventId: beginning.businessEventId,
      traceId: "",
      spanId: "",
      tags: beginning.tags,
      parentRunId: null,
      parentStepId: null,
      rootRunId: "",
      rerunOf: null,
      depth: 0,
      waybillVersion: this.#request.waybillVersion,
      recordedEnv: {},
      from: null,
    }
  }
}

/** As the engine makes them: time in front, chance behind. */
function traceId(random: Random, at: number): string {
  return at.toString(16).padStart(12, "0").slice(-12) + random.hex(20)
}
