/** For `waybill doctor`, which opens no store. */
export { libraryVersion } from "@waybill/engine/adapters/sqlite/library-version"
