/**
 * Events of older releases in today's words (rule 2). What an event means never changes; when its payload has to, it gets
 * a higher version, and here stands for ever how the older one reads as the newer. Pure: a payload in, a payload out.
 * Adding a field that may be absent is no new version; another meaning, another name or another shape is.
 */
import type { JsonObject } from "../json.ts"
import type { EventType } from "./events.ts"

/** From one version to the next. Never changes what it is given. */
export type Upcaster = (payload: JsonObject) => JsonObject

/** By type: from version 1 to 2, from 2 to 3, and so on. One more of them makes new events of the type one version higher. */
export type Upcasters = { readonly [T in EventType]?: readonly Upcaster[] }

export const upcasters: Upcasters = {}

/** The version in which events of this type are written. */
export function eventVersion(type: EventType, all: Upcasters = upcasters): number {
  return 1 + (all[type]?.length ?? 0)
}

/** @param version at most `eventVersion`, at least 1 */
export function upcast(type: EventType, version: number, payload: JsonObject, all: Upcasters = upcasters): JsonObject {
  return (all[type] ?? []).slice(version - 1).reduce((older, toNext) => toNext(older), payload)
}
