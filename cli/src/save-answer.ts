/** An answer of any length, written to a file or to standard output while it comes. */
import { exitCodes } from "./exit-codes.ts"
import { CommandFailure } from "./failure.ts"
import { openSink } from "./file-sink.ts"
import type { Session } from "./session.ts"

/** The answer is there before the file is: what is refused leaves none behind. @returns bytes */
export async function saveAnswer(session: Session, answer: Response, out: string | undefined): Promise<number> {
  const sink = await openSink(session.terminal, out ?? null)
  let bytes = 0
  try {
    for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
      bytes += Buffer.byteLength(text)
      await sink.write(text)
    }
  } catch (error) {
    throw notWhole(out, error)
  } finally {
    await sink.end()
  }
  return bytes
}

function notWhole(out: string | undefined, error: unknown): CommandFailure {
  const why = error instanceof Error ? error.message : String(error)
  return new CommandFailure({
    code: "export_incomplete",
    detail: `${out ?? "what was written"} is not whole: ${why}`,
    hint: "Ask again; the server's log says what broke off.",
    exitCode: exitCodes.notThere,
  })
}
