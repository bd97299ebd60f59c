/** A terminal that keeps what is written, for commands that run in the test's own process. */
import type { Terminal } from "../terminal.ts"

export interface FakeTerminal extends Terminal {
  readonly out: () => string
  readonly err: () => string
  /** Presses Ctrl-C. */
  interrupt(): void
  /** Resolves when standard output holds the text. */
  untilOut(text: string): Promise<void>
}

export interface FakeTerminalOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly isTty?: boolean
  readonly columns?: number
  readonly input?: string
  readonly now?: number
}

export function fakeTerminal(options: FakeTerminalOptions = {}): FakeTerminal {
  let out = ""
  let err = ""
  const listeners = new Set<() => void>()
  const waiting = new Set<() => void>()
  const isTty = options.isTty ?? false
  return {
    env: options.env ?? {},
    cwd: options.cwd ?? "/",
    isTty,
    isErrorTty: isTty,
    columns: options.columns ?? 100,
    write(text) {
      out += text
      for (const look of waiting) look()
    },
    complain(text) {
      err += text
    },
    readInput: async () => options.input ?? "",
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    now: () => options.now ?? Date.UTC(2026, 10, 20, 9, 31),
    out: () => out,
    err: () => err,
    interrupt() {
      for (const listener of listeners) listener()
    },
    untilOut: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!out.includes(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
