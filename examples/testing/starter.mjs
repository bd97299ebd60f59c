/** A process that starts the example and then only lives, to be killed by a test. */
import { startExample } from "../start.mjs"

const example = await startExample({ directory: process.argv[2], log: () => {} })
process.send({ service: example.service, pids: example.pids })
