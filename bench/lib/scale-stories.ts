/**
 * What a large history consists of: the six stories of `waybill seed`, each a few of a hundred runs, and twenty small
 * workflows of a step or two, so that a run has some ten events. They differ in how often they run, where, for whom,
 * under which versions, how long they take and what goes wrong.
 */
import { stories } from "../../engine/src/usecases/seed/stories/index.ts"
import { asks, twice } from "../../engine/src/usecases/seed/stories/parts.ts"
import { key, mishap, person, type Story, scheduler } from "../../engine/src/usecases/seed/story.ts"

const areas = ["billing", "catalog", "customer", "delivery", "fraud", "ledger", "mail", "payment", "search", "tax"]
const people = ["ann", "ben", "cleo", "dan", "eva", "finn", "gil", "hana", "ivo", "june"]
const regions = ["eu-north", "eu-west", "us-east", "us-west", "ap-south"]

/** Of a hundred runs so many are of the six stories. */
const storyShare = 5

export function scaleStories(): readonly Story[] {
  const sum = stories.reduce((all, { weight }) => all + weight, 0)
  const told = stories.map((story) => ({ ...story, weight: (story.weight / sum) * storyShare }))
  const small = areas.flatMap((area, index) => [smallStory(area, "sync", index), smallStory(area, "check", index + 10)])
  const smallSum = small.reduce((all, { weight }) => all + weight, 0)
  return [...told, ...small.map((story) => ({ ...story, weight: (story.weight / smallSum) * (100 - storyShare) }))]
}

/** The lower its number, the more often it runs. */
function smallStory(area: string, what: string, number: number): Story {
  const workflowId = `${area}_${what}`
  const agent = `${area}-${what}er`
  const second = number % 5 === 4
  const document = (version: string) => ({
    id: workflowId,
    version,
    name: `${area[0]!.toUpperCase()}${area.slice(1)} ${what}`,
    description: `One ${what} of the ${area} system.`,
    tags: [area],
    start: "work",
    states: [
      asks("work", agent, `A ${what} of {{ ctx.customer }}`, second ? "report" : null, {
        retry: twice,
        timeoutSeconds: 30,
      }),
      ...(second ? [asks("report", agent, "Tell the result", null)] : []),
    ],
  })
  return {
    workflowId,
    weight: 100 / (number + 2),
    environments: { prod: 80, stage: 14, dev: 6 },
    versions: [0, 0.3, 0.6, 0.9].map((since, index) => ({ since, document: document(`${number % 3}.${index}`) })),
    agents: {
      [agent]: {
        typicalMs: 120 * (1 + (number % 7) * (number % 4)),
        ...(number % 3 === 0 && { tokens: 900 }),
        fails: [
          { share: 0.02, failure: mishap("transient", "econnreset", `${area} did not answer`) },
          {
            share: 0.02 + number / 1_000,
            failure: mishap("bug", `${area}_broken`, `${area}: nothing is known of this customer`),
          },
          { share: 0.001, failure: "timeout" },
        ],
        output: (_input, random) => ({ found: random.between(0, 400), trace: random.hex(8) }),
      },
    },
    start(random, count) {
      const customer = `customer-${random.between(1, 50_000)}`
      const isCalled = random.chance(0.6)
      return {
        input: { customer, order: `order-${count}`, amount: random.between(1, 5_000) },
        actor: isCalled ? key(`${area}-service`) : number % 2 === 0 ? scheduler : person(random.pick(people), area),
        trigger: isCalled ? "api" : number % 2 === 0 ? "schedule" : "manual",
        businessEventId: random.chance(0.4) ? `${area}:order#${count}` : null,
        tags: [
          random.pick(regions),
          ...(random.chance(0.02) ? ["vip"] : []),
          ...(random.chance(0.0005) ? ["audit"] : []),
        ],
      }
    },
  }
}
