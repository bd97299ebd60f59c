/** The server's door: for `waybill serve`, `dev`, `doctor`, and for tests that want a whole server. */
export {
  type Config,
  ConfigError,
  type ConfigRequest,
  isLoopback,
  loadConfig,
  type PrintedSetting,
  printableConfig,
  type Settings,
} from "./config.ts"
export { ListenError } from "./listen.ts"
export { openLog } from "./log.ts"
export { type RunningServer, type StartOptions, startServer, version } from "./main.ts"
export { exitCodeOf, type ServeRequest, serve } from "./serve.ts"
