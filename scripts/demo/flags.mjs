// @ts-check
import { resolve } from "node:path"
import { parseArgs } from "node:util"

export const USAGE = `npm start [-- flags]

Starts Waybill and the example's service, runs the example's main job, and shows where to look.

  --port N    where Waybill listens; 0 takes a free port            (WAYBILL_PORT, 7420)
  --data DIR  where Waybill keeps its data                          (WAYBILL_DATA_DIR, .waybill)
  --approve   approve the run as soon as it asks, instead of waiting for somebody
  --once      end when the run has ended, instead of serving on
  --help

Every WAYBILL_* variable reaches the server as it is, and WAYBILL_API_KEY is used here too.`

/**
 * @typedef {{ port: string, data: string, isOwnData: boolean, approve: boolean, once: boolean, help: boolean }} Flags
 *   `isOwnData`: a data directory was named, so what the example writes belongs there too
 */

/** Throws with one line for a flag that does not exist. @param {string[]} args @param {NodeJS.ProcessEnv} env @returns {Flags} */
export function readFlags(args, env, cwd = process.cwd()) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      data: { type: "string" },
      approve: { type: "boolean", default: false },
      once: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  const port = values.port ?? env.WAYBILL_PORT ?? "7420"
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Error(`--port takes 0 to 65535, not ${port}`)
  const data = values.data ?? env.WAYBILL_DATA_DIR
  return {
    port,
    data: resolve(cwd, data ?? ".waybill"),
    isOwnData: data !== undefined,
    approve: values.approve,
    once: values.once,
    help: values.help,
  }
}
