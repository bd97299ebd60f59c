/**
 * Routes inside each block: where they lead, which states they reach, and whether every circle has a way out. `next`
 * stays inside its own block (dsl.md §4), so each block is a graph of its own.
 */
import type { Block, Definition, State } from "../model.ts"
import { didYouMean } from "../read/did-you-mean.ts"
import type { Reading } from "../read/reading.ts"
import { walkBlocks, walkStates } from "../walk.ts"

export interface Route {
  readonly to: string
  readonly pointer: string
}

/** A block as a graph; `whole` is false when something in it could not be read, and silence is better than a guess. */
interface Graph {
  readonly block: Block
  readonly states: readonly State[]
  readonly routes: ReadonlyMap<string, readonly Route[]>
  readonly whole: boolean
}

export function checkRoutes(reading: Reading, definition: Definition): void {
  const names = new Set([...walkStates(definition.block)].map(({ state }) => state.name))
  for (const { block } of walkBlocks(definition.block)) {
    if (block.states.size === 0) continue
    const graph = graphOf(reading, block)
    checkTargets(reading, graph, names)
    if (!graph.whole) continue
    const reached = reachable(graph)
    checkReachable(reading, graph, reached)
    checkCircles(reading, graph, reached)
  }
}

function graphOf(reading: Reading, block: Block): Graph {
  const states = [...block.states.values()]
  const routes = new Map(states.map((state) => [state.name, routesOf(reading, state)]))
  const leadSomewhere = [...routes.values()].flat().every(({ to }) => block.states.has(to))
  const whole = leadSomewhere && block.states.has(block.start) && !states.some((state) => reading.unreadable.has(state))
  return { block, states, routes, whole }
}

/** Every way out of a state to another one of its block. */
export function routesOf(reading: Reading, state: State): readonly Route[] {
  const at = reading.originOf(state)
  const routes: Route[] = []
  const add = (to: string | null | undefined, pointer: string) => {
    if (to !== null && to !== undefined && to !== "") routes.push({ to, pointer })
  }
  if (state.type === "switch") {
    for (const condition of state.conditions) add(condition.next, `${reading.originOf(condition)}/next`)
    add(state.defaultNext, `${at}/defaultNext`)
    if (state.next !== state.defaultNext) add(state.next, `${at}/next`)
  } else add(state.next, `${at}/next`)
  for (const clause of state.catch) add(clause.next, `${reading.originOf(clause)}/next`)
  if (state.type === "listen") add(state.onTimeout?.next, `${at}/onTimeout/next`)
  if (state.type === "operation" && state.action === "human.approval") {
    add(state.onTimeout?.next, `${at}/input/onTimeout/next`)
    add(state.onReject.next, `${at}/input/onReject/next`)
    for (const outcome of state.outcomes) add(outcome.rewindTo, `${reading.originOf(outcome)}/rewindTo`)
  }
  return routes
}

function checkTargets(reading: Reading, { block, routes }: Graph, everywhere: ReadonlySet<string>): void {
  if (!block.states.has(block.start)) {
    const pointer = `${reading.originOf(block)}/start`
    reading.report.error("unknown_target", { pointer }, `there is no state \`${block.start}\` to start with`, {
      actual: block.start,
      hint: hintFor(block, block.start, everywhere),
    })
  }
  for (const { to, pointer } of [...routes.values()].flat()) {
    if (block.states.has(to)) continue
    reading.report.error("unknown_target", { pointer }, `there is no state \`${to}\` here`, {
      actual: to,
      hint: hintFor(block, to, everywhere),
    })
  }
}

function hintFor(block: Block, name: string, everywhere: ReadonlySet<string>): string {
  if (/^(end|exit|stop|done)$/i.test(name)) return "To end here write `end: true`."
  if (everywhere.has(name)) return `\`${name}\` stands in another scope, and a route stays inside its own.`
  const known = [...block.states.keys()].slice(0, 10).join(", ")
  return didYouMean(name, block.states.keys()) ?? `States of this scope: ${known}.`
}

function reachable({ block, routes }: Graph): ReadonlySet<string> {
  return spread([block.start], (name) => (routes.get(name) ?? []).map(({ to }) => to))
}

function spread(from: readonly string[], neighbours: (name: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [...from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    open.push(...neighbours(name))
  }
  return seen
}

function checkReachable(reading: Reading, { states }: Graph, reached: ReadonlySet<string>): void {
  for (const state of states) {
    if (reached.has(state.name)) continue
    const hint = `Lead to it with \`next: ${state.name}\`, or remove it.`
    reading.report.error(
      "unreachable_state",
      { pointer: reading.originOf(state) },
      `no route leads to the state \`${state.name}\``,
      { hint },
    )
  }
}

/** States from which every route leads back among themselves: the run can only fail or be stopped. */
function checkCircles(reading: Reading, { states, routes }: Graph, reached: ReadonlySet<string>): void {
  const sources = new Map<string, string[]>(states.map((state) => [state.name, []]))
  for (const [from, ways] of routes) for (const { to } of ways) sources.get(to)?.push(from)
  const escaping = spread(
    states.filter(canEnd).map((state) => state.name),
    (name) => sources.get(name) ?? [],
  )
  const trapped = states.filter((state) => reached.has(state.name) && !escaping.has(state.name))
  const [first] = trapped
  if (!first) return
  const names = trapped
    .slice(0, 10)
    .map((state) => `\`${state.name}\``)
    .join(", ")
  const hint = "Let a `switch` leave the circle, or use a `loop` with `maxIterations`."
  reading.report.warning(
    "endless_loop",
    { pointer: reading.originOf(first) },
    `nothing leads out of the circle ${names}`,
    { hint },
  )
}

/** True when the block can end at this state without an error that nobody meant. */
function canEnd(state: State): boolean {
  if (state.type === "raise") return true
  if (state.type === "operation" && state.action === "human.approval" && state.onReject.next === null) return true
  if (state.type === "switch") return state.next === null && state.if !== null
  return state.next === null
}
