/** The program `waybill`. */
import { runCli } from "./program.ts"
import { processTerminal } from "./terminal.ts"

// The exit code is set, not forced: what was written to a pipe still has to leave.
process.exitCode = await runCli(process.argv.slice(2), processTerminal())
