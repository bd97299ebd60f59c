/**
 * What is made from schemas — validators, serialisers — is made when it is first asked for: a start that makes all of
 * it for every route is a third longer. What nobody has asked for is made in small pieces once the server listens, so
 * that a schema of which nothing can be made is in the log within seconds.
 */
import { setImmediate as nextTurn } from "node:timers/promises"
import fastJson, { type Schema } from "fast-json-stringify"
import type { FastifyInstance } from "fastify"

declare module "fastify" {
  interface FastifyInstance {
    readonly lateSchemas: LateSchemas
  }
}

type Serialise = (data: unknown) => string

/** The runs that were open come first. */
const IDLE_FROM_MS = 2_000

export class LateSchemas {
  readonly #left = new Set<() => unknown>()
  /** Many routes share a problem's schema. */
  readonly #serialisers = new WeakMap<object, Serialise>()

  later<Made>(make: () => Made): () => Made {
    let made: { readonly it: Made } | null = null
    const get = () => {
      if (made === null) {
        made = { it: make() }
        this.#left.delete(get)
      }
      return made.it
    }
    this.#left.add(get)
    return get
  }

  serialiser(schema: object): Serialise {
    const known = this.#serialisers.get(schema)
    if (known !== undefined) return known
    const get = this.later(() => fastJson(schema as Schema))
    const serialise: Serialise = (data) => get()(data)
    this.#serialisers.set(schema, serialise)
    return serialise
  }

  get unmade(): number {
    return this.#left.size
  }

  /** Makes the rest, one thing a turn of the event loop. @throws what cannot be made */
  async finish(goesOn: () => boolean = () => true): Promise<void> {
    for (const make of this.#left) {
      if (!goesOn()) return
      make()
      await nextTurn()
    }
  }
}

export function makeSchemasLate(app: FastifyInstance): LateSchemas {
  const late = new LateSchemas()
  let isOpen = true
  let timer: NodeJS.Timeout | undefined
  app.decorate("lateSchemas", late)
  app.setSerializerCompiler(({ schema }) => late.serialiser(schema as object))
  app.addHook("onListen", async () => {
    timer = setTimeout(() => {
      late.finish(() => isOpen).catch((error: unknown) => app.log.error({ err: error }, "a schema cannot be compiled"))
    }, IDLE_FROM_MS).unref()
  })
  app.addHook("preClose", async () => {
    isOpen = false
    clearTimeout(timer)
  })
  return late
}
