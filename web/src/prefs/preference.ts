/**
 * What a person has chosen about the pages and is kept in this browser: one key a choice, read once, told to all who
 * look, also in other tabs. Nothing of the project's data belongs here. Where storage is closed, a choice holds until
 * the page is left.
 */
import { useSyncExternalStore } from "react"

export interface Preference<T> {
  get(): T
  set(value: T): void
  subscribe(listener: () => void): () => void
}

/** `read` turns what was stored — by whom ever — into a value; it never throws. */
export function preference<T>(name: string, read: (stored: unknown) => T): Preference<T> {
  const key = `waybill.${name}`
  const listeners = new Set<() => void>()
  let value = read(stored(key))
  const change = (next: T) => {
    value = next
    for (const listener of listeners) listener()
  }
  globalThis.addEventListener?.("storage", (event: StorageEvent) => {
    if (event.key === key) change(read(stored(key)))
  })
  return {
    get: () => value,
    set(next) {
      store(key, next)
      change(next)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function usePreference<T>(one: Preference<T>): readonly [T, (value: T) => void] {
  return [useSyncExternalStore(one.subscribe, one.get), one.set]
}

function stored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null")
  } catch {
    return null
  }
}

function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Full or closed: it holds until the page is left.
  }
}
