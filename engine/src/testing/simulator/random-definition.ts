/**
 * Random valid definitions: every type of state at every nesting, small enough to run in a millisecond. Names repeat on
 * purpose from block to block, so that two places with equal names are common (rule 4).
 *
 * What they compute is kept simple so that a naive interpreter can follow: `x0`…`x3` are always small integers, `c` is a
 * counter that only grows, `list` an array, and results lie under `r`.
 */
import type { Json, JsonObject } from "../../core/json.ts"
import { agentNames } from "./behaviours.ts"
import { secretWord } from "./hush.ts"
import type { Random } from "./random.ts"

export interface RandomDefinitions {
  /** The first is the one that is started; the others are its children. */
  readonly documents: readonly JsonObject[]
  readonly input: JsonObject
}

export const signalNames = ["go", "paid"] as const

type Draft = Record<string, Json>

interface Place {
  readonly depth: number
  /** Inside a foreach: its item is an integer. */
  readonly item: boolean
  readonly index: boolean
}

const numbers = ["x0", "x1", "x2", "x3"] as const

/** @param wide the first begins with eight items at once */
export function randomDefinitions(random: Random, wide: boolean): RandomDefinitions {
  const children = random.chance(0.2) ? random.between(1, 2) : 0
  const documents: JsonObject[] = []
  for (let i = 0; i <= children; i++) {
    // Most are small; some are as deep and wide as nesting allows.
    const size = i > 0 ? random.between(1, 3) : random.chance(0.7) ? random.between(2, 6) : random.between(7, 14)
    const maker = new Maker(random, size, i === 0 ? children : 0)
    documents.push(maker.document(`wf${i}`, wide && i === 0))
  }
  return {
    documents,
    input: {
      x0: random.below(5),
      x1: random.below(5),
      x2: random.below(5),
      x3: random.below(5),
      c: 0,
      list: Array.from({ length: random.between(0, 3) }, () => random.below(6)),
      r: { note: secretWord },
    },
  }
}

/** Of more items at once than anything random is. */
export function wideForeach(): JsonObject {
  const input = { agent: "echo", variables: { n: "{{ item }}" } }
  return {
    name: "wide",
    type: "foreach",
    itemsPath: Array.from({ length: 8 }, (_, i) => i),
    maxConcurrency: 8,
    iterator: { states: [{ name: "s0", type: "operation", action: "agent.run", input }] },
    resultPath: "ctx.r.wide",
  }
}

class Maker {
  readonly #random: Random
  readonly #children: number
  #budget: number

  constructor(random: Random, budget: number, children: number) {
    this.#random = random
    this.#budget = budget
    this.#children = children
  }

  document(id: string, wide: boolean): JsonObject {
    const random = this.#random
    const { states } = this.#block({ depth: 0, item: false, index: false })
    const top: Draft = { id, states: wide ? [{ ...wideForeach(), next: states[0]!.name! }, ...states] : states }
    if (random.chance(0.08)) top.timeoutSeconds = random.pick([5, 30, 120])
    if (random.chance(0.15)) top.output = { as: { sum: "{{ ctx.x0 ?? 0 }}", left: "{{ ctx.r }}" } }
    return top
  }

  /** A chain in which each state leads to the next; switches, catches and rewinds leave it forwards or back. */
  #block(place: Place): { states: Draft[] } {
    const random = this.#random
    const length = Math.max(1, Math.min(this.#budget, random.between(1, place.depth === 0 ? 5 : 3)))
    this.#budget -= length
    const names = Array.from({ length }, (_, i) => `s${i}`)
    // A circle: a counting agent, then the switch that goes back. No route leads around the counter, so it ends.
    const back = length > 2 && random.chance(0.25) ? random.between(Math.min(2, length - 2), length - 2) : -1
    const states: Draft[] = []
    for (let i = 0; i < length; i++) {
      if (i === back - 1) states.push({ name: names[i]!, next: names[back]!, ...this.#counter() })
      else if (i === back) states.push({ name: names[i]!, ...this.#back(names[0]!, names[i + 1]!) })
      else states.push(this.#state(names, i, place, names[back], i < back))
    }
    return { states }
  }

  #counter(): Draft {
    const input = { agent: "add", variables: { n: "{{ ctx.c }}" } }
    return { type: "operation", action: "agent.run", input, resultPath: "ctx.c", resultSelector: "result.v" }
  }

  #back(first: string, next: string): Draft {
    return { type: "switch", conditions: [{ if: `c < ${this.#random.between(1, 2)}`, next: first }], defaultNext: next }
  }

  /** `again`: it may be visited a second time. Holders are likely there: what they hold is then a place of its own (rule 4). */
  #state(names: readonly string[], at: number, place: Place, back: string | undefined, again: boolean): Draft {
    const random = this.#random
    const later = names.slice(at + 1).filter((name) => name !== back)
    const deep = place.depth < 3 && this.#budget > 0
    const holder = deep ? (again ? 6 : 1) : 0
    const type = random.weighted({
      agent: 10,
      inject: 4,
      approval: 2,
      listen: 2,
      wait: 2,
      emit: 1,
      switch: later.length > 0 ? 3 : 0,
      parallel: 6 * holder,
      foreach: 4 * holder,
      try: 4 * holder,
      loop: 3 * holder,
      run: this.#children > 0 ? 3 : 0,
      raise: later.length === 0 ? 1 : 0,
    })
    const state: Draft = { name: names[at]!, ...this.#body(type, names, at, place, later) }
    if (type === "switch") return state
    if (later.length > 0) state.next = later[0]!
    if (random.chance(0.1)) state.if = this.#condition(place)
    if (random.chance(0.35) && later.length > 0 && canFail(type)) state.catch = this.#catch(later)
    if (type !== "raise" && deep && random.chance(0.06)) state.onCancel = this.#inner(place)
    return state
  }

  #inner(place: Place): { states: Draft[] } {
    return this.#block({ ...place, depth: place.depth + 1 })
  }

  #body(type: string, names: readonly string[], at: number, place: Place, later: readonly string[]): Draft {
    const random = this.#random
    switch (type) {
      case "agent":
        return this.#agent(place)
      case "inject":
        return this.#inject(place)
      case "approval":
        return this.#approval(names, at, later)
      case "listen":
        return this.#listen(later)
      case "wait":
        return { type: "wait", seconds: random.pick([0, 1, 10, "{{ ctx.x1 }}"]) }
      case "emit":
        return { type: "emit", event: { type: "sim.seen", data: { n: "{{ ctx.x0 }}" } } }
      case "switch":
        return this.#switch(later, place)
      case "parallel":
        return this.#parallel(place)
      case "foreach":
        return this.#foreach(place)
      case "try":
        return this.#try(place)
      case "loop":
        return this.#loop(place)
      case "run":
        return this.#run()
      default:
        return {
          type: "raise",
          error: { type: random.pick(["sad", "transient", "policy_denied"]), detail: "on purpose" },
        }
    }
  }

  #number(place: Place): string {
    const random = this.#random
    if (place.item && random.chance(0.4)) return "{{ item }}"
    if (place.index && random.chance(0.2)) return "{{ index }}"
    if (random.chance(0.02)) return "{{ ctx.nowhere }}"
    if (random.chance(0.1)) return "{{ ctx.nowhere ?? 3 }}"
    return `{{ ctx.${random.pick(numbers)} }}`
  }

  #condition(place: Place): string {
    const random = this.#random
    const left =
      place.item && random.chance(0.3) ? "item" : place.index && random.chance(0.2) ? "index" : random.pick(numbers)
    if (random.chance(0.02)) return `${left} // 0 > 1`
    return random.pick([
      `${left} > ${random.below(5)}`,
      `${left} % 2 == ${random.below(2)}`,
      `${left} < ${random.below(6)}`,
    ])
  }

  #agent(place: Place): Draft {
    const random = this.#random
    const agent = random.weighted(agentNames)
    const variables: Draft = { n: this.#number(place) }
    if (random.chance(0.2)) variables.seen = "{{ ctx.r.big ?? 0 }}"
    const state: Draft = { type: "operation", action: "agent.run", input: { agent, variables } }
    if (agent === "hang" || random.chance(0.1)) state.timeoutSeconds = random.pick([2, 20])
    if (random.chance(0.4)) {
      state.resultPath = `ctx.${random.pick(numbers)}`
      state.resultSelector = "result.v % 7"
      state.validation = { if: "True" }
      if (agent === "text") {
        delete state.resultSelector
        delete state.validation
        state.resultPath = "ctx.r.text"
      }
    } else if (random.chance(0.9)) {
      state.resultPath = random.pick(["ctx.r.a", "ctx.r.b", "ctx.r.deep.c", "ctx.r"])
      state.resultMode = state.resultPath === "ctx.r" ? "merge" : random.pick(["replace", "replace", "merge"])
    }
    if (random.chance(0.1)) {
      state.resultPath = "ctx.all"
      state.resultMode = "append"
      delete state.resultSelector
    }
    if (random.chance(0.5)) state.retry = this.#retry()
    if (random.chance(0.05)) state.totalTimeoutSeconds = random.pick([3, 60])
    if (random.chance(0.1)) state.validation = { if: "result.v < 5" }
    return state
  }

  #retry(): Draft {
    const random = this.#random
    const retry: Draft = { maxAttempts: random.between(1, 4), backoffSeconds: random.pick([0, 0.5, 2]) }
    if (random.chance(0.3)) retry.backoff = random.pick(["linear", "exponential"])
    if (random.chance(0.3)) retry.jitter = random.pick(["full", "equal"])
    if (random.chance(0.15)) retry.nonRetryable = [random.pick(["upstream", "transient", "timeout"])]
    if (random.chance(0.1)) retry.retryable = [random.pick(["flaky", "bug"])]
    if (random.chance(0.08)) retry.onExhausted = "pause"
    return retry
  }

  #inject(place: Place): Draft {
    const random = this.#random
    if (random.chance(0.4)) return { type: "inject", data: { [random.pick(numbers)]: random.below(6) } }
    if (random.chance(0.4))
      return {
        type: "inject",
        data: { n: this.#number(place), list: "{{ ctx.list }}" },
        templated: true,
        resultPath: "ctx.r.put",
      }
    if (random.chance(0.5))
      return { type: "inject", data: Array.from({ length: random.below(4) }, (_, i) => i), resultPath: "ctx.list" }
    // Large enough to become a blob where the seed makes blobs small.
    return { type: "inject", data: { text: "x".repeat(random.pick([10, 300])) }, resultPath: "ctx.r.big" }
  }

  #approval(names: readonly string[], at: number, later: readonly string[]): Draft {
    const random = this.#random
    const input: Draft = {
      message: "go on with {{ ctx.x0 }}?",
      approvers: random.pick([["team:ops"], ["user:ann", "user:ben"], []]),
    }
    if (random.chance(0.3)) input.quorum = { approve: 2, reject: random.between(1, 2) }
    if (random.chance(0.45)) input.timeoutSeconds = random.pick([2, 5, 60])
    if (random.chance(0.1)) input.bindTo = "content"
    if (random.chance(0.15)) input.separationOfDuties = { excludeInitiator: true }
    if (random.chance(0.1)) input.reminders = [{ everySeconds: 4, max: 2 }]
    if (random.chance(0.1)) input.escalation = [{ afterSeconds: 6, to: ["user:boss"] }]
    if (at > 0 && random.chance(0.6))
      input.outcomes = ["approve", { name: "revise", rewindTo: names[random.below(at)]!, maxTimes: 1 }, "reject"]
    if (later.length > 0 && input.timeoutSeconds !== undefined && random.chance(0.5))
      input.onTimeout = { next: random.pick(later) }
    if (random.chance(0.8))
      input.onReject = later.length > 0 && random.chance(0.6) ? { next: random.pick(later) } : { status: "FAILED" }
    return { type: "operation", action: "human.approval", input, resultPath: "ctx.r.gate" }
  }

  #listen(later: readonly string[]): Draft {
    const random = this.#random
    const state: Draft = { type: "listen", signal: random.pick(signalNames), resultPath: "ctx.r.heard" }
    if (random.chance(0.4)) state.timeoutSeconds = random.pick([5, 60])
    if (random.chance(0.2)) state.correlate = { even: true }
    if (random.chance(0.2)) state.fanout = true
    if (later.length > 0 && state.timeoutSeconds !== undefined && random.chance(0.5))
      state.onTimeout = { next: random.pick(later) }
    return state
  }

  #switch(later: readonly string[], place: Place): Draft {
    const random = this.#random
    const conditions: Draft[] = [{ if: this.#condition(place), next: random.pick(later) }]
    if (random.chance(0.4)) conditions.push({ if: this.#condition(place), next: random.pick(later) })
    const state: Draft = { type: "switch", conditions, defaultNext: later[0]! }
    if (random.chance(0.3)) state.onError = "default"
    return state
  }

  #catch(later: readonly string[]): Draft[] {
    const random = this.#random
    const clause: Draft = { next: random.pick(later) }
    if (random.chance(0.5))
      clause.errors = random.pick([["broken"], ["flaky", "upstream"], ["timeout"], ["bug"], ["lost", "transient"]])
    if (random.chance(0.3)) clause.if = 'error.code != "denied"'
    if (random.chance(0.5)) clause.resultPath = "ctx.r.why"
    return random.chance(0.2) ? [clause, { next: random.pick(later) }] : [clause]
  }

  #parallel(place: Place): Draft {
    const random = this.#random
    const count = random.between(1, 3)
    // Branches that all end in the very decision that starts them are a race of their own.
    const quick = random.chance(0.2)
    const inner = () => (quick ? { states: [{ name: "s0", ...this.#inject(place) }] } : this.#inner(place))
    const branches = Array.from({ length: count }, (_, i) => ({ name: `b${i}`, ...inner() }))
    const mode = random.weighted({ all: 4, any: 3, quorum: 3, settled: 2 })
    const join: Draft = { mode }
    if (mode === "quorum") join.count = random.between(1, count)
    if (mode === "all" && random.chance(0.4)) join.onBranchFailure = random.pick(["failFast", "wait"])
    if (mode !== "all" && mode !== "settled" && random.chance(0.4)) join.cancelRemaining = random.chance(0.4)
    const state: Draft = { type: "parallel", branches, join }
    if (random.chance(0.7)) state.resultPath = "ctx.r.join"
    if (random.chance(0.2)) state.maxConcurrency = random.between(1, 2)
    if (random.chance(0.07)) state.timeoutSeconds = random.pick([3, 60])
    return state
  }

  #foreach(place: Place): Draft {
    const random = this.#random
    const inline = random.chance(0.4)
    const state: Draft = {
      type: "foreach",
      itemsPath: inline
        ? Array.from({ length: random.between(0, 3) }, (_, i) => (i === 1 ? "{{ ctx.x2 }}" : i))
        : "ctx.list",
      iterator: this.#block({ depth: place.depth + 1, item: true, index: true }),
    }
    if (random.chance(0.65)) state.maxConcurrency = random.between(2, 3)
    if (random.chance(0.4)) state.onItemFailure = "continue"
    if (state.onItemFailure === "continue" && random.chance(0.5)) state.toleratedFailureCount = random.below(2)
    if (random.chance(0.2))
      state.while = random.pick(["index < 2", "item < 4", "7 // (1 - index) != 0", "7 // (3 - item) != 0"])
    if (random.chance(0.8)) state.resultPath = "ctx.r.each"
    if (random.chance(0.07)) state.timeoutSeconds = random.pick([3, 60])
    return state
  }

  #try(place: Place): Draft {
    const random = this.#random
    const state: Draft = { type: "try", try: this.#inner(place) }
    if (random.chance(0.6)) state.finally = this.#inner(place)
    if (random.chance(0.07)) state.timeoutSeconds = random.pick([3, 60])
    return state
  }

  #loop(place: Place): Draft {
    const random = this.#random
    const state: Draft = {
      type: "loop",
      do: this.#block({ ...place, depth: place.depth + 1, index: true }),
      maxIterations: random.between(1, 3),
    }
    const bound = random.pick(["while", "until", "none"])
    if (bound === "while") state.while = random.pick(["index < 2", "x0 < 3", "c < 3"])
    if (bound === "until") state.until = random.pick(["index > 0", "x1 > 2", "c > 1"])
    if (random.chance(0.3)) state.delaySeconds = random.pick([1, 5])
    if (random.chance(0.5)) state.resultPath = "ctx.r.looped"
    if (random.chance(0.07)) state.timeoutSeconds = random.pick([3, 60])
    return state
  }

  #run(): Draft {
    const random = this.#random
    const state: Draft = {
      type: "run",
      workflow: {
        id: `wf${random.between(1, this.#children)}`,
        input: { x0: "{{ ctx.x1 }}", x1: 1, x2: 2, x3: 3, c: 0, list: [1, 2], r: {} },
      },
      resultPath: "ctx.r.child",
    }
    if (random.chance(0.2)) state.await = false
    if (random.chance(0.2)) state.onParentCancel = "abandon"
    return state
  }
}

function canFail(type: string): boolean {
  return type !== "wait" && type !== "emit"
}
