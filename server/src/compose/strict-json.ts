/** The lossless reader alone (rule 23): by the engine's door a command line would load the whole engine with it. */
export { readJson } from "@waybill/engine/core/json-reader"
