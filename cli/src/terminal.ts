/**
 * Where the command line reads and writes. Commands see only this, so that tests run them without a process: nothing else
 * in `cli/src` touches `process`, the offline commands aside.
 */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Standard output is a terminal: lines may be rewritten, tables are cut to `columns`. */
  readonly isTty: boolean
  readonly isErrorTty: boolean
  readonly columns: number
  /** To standard output. */
  write(text: string): void
  /** To standard error. */
  complain(text: string): void
  /** All of standard input. */
  readInput(): Promise<string>
  /** Ctrl-C is told to the listener instead of ending the process, until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Milliseconds since the epoch. */
  now(): number
}

export function processTerminal(): Terminal {
  // `waybill … | head` closes the pipe: that is no failure, and nobody is there to be told.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error
    process.exit(0)
  })
  return {
    env: process.env,
    cwd: process.cwd(),
    isTty: process.stdout.isTTY === true,
    isErrorTty: process.stderr.isTTY === true,
    get columns() {
      return process.stdout.columns ?? 120
    },
    write: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    readInput,
    onInterrupt(listener) {
      process.on("SIGINT", listener)
      return () => process.off("SIGINT", listener)
    },
    now: Date.now,
  }
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}
