/** The tables of a batch, as Parquet files and back: columns as the database has them, texts and whole numbers exactly. */
import { constants, gunzipSync, gzipSync } from "node:zlib"
import { parquetReadObjects } from "hyparquet"
import { type BasicType, parquetWriteBuffer } from "hyparquet-writer"
import type { Cell } from "../rows.ts"

export type TableRow = { readonly [column: string]: Cell }

export interface Column {
  readonly name: string
  /** SQLite's, of a strict table. */
  readonly type: "TEXT" | "INTEGER" | "REAL"
}

/** Columns whose values are all different. */
const unlike: ReadonlySet<string> = new Set(["payload", "salt", "payload_hash", "prev_hash", "hash", "head_hash"])

/** Of one file; a column of text of more than that is no file that we wrote. */
const inflatedMax = 1 << 30

const kinds: { readonly [type in Column["type"]]: BasicType } = { TEXT: "STRING", INTEGER: "INT64", REAL: "DOUBLE" }

export function toParquet(columns: readonly Column[], rows: readonly TableRow[]): Uint8Array {
  const columnData = columns.map(({ name, type }) => ({
    name,
    data: rows.map((row) => cellOut(row[name] ?? null, type)),
    type: kinds[type],
    // A dictionary of what never comes twice is built in vain.
    ...(unlike.has(name) && { encoding: "PLAIN" as const }),
  }))
  const buffer = parquetWriteBuffer({
    columnData,
    codec: "GZIP",
    compressors: { GZIP: (bytes) => gzipSync(bytes, { level: constants.Z_BEST_SPEED }) },
    // What is small and often asked stands in the manifest; a reader of the files has the row groups.
    rowGroupSize: 20_000,
    statistics: false,
    createdBy: "waybill",
  })
  return new Uint8Array(buffer)
}

export async function fromParquet(bytes: Uint8Array): Promise<readonly TableRow[]> {
  const { buffer, byteOffset, byteLength } = bytes
  const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  const rows = await parquetReadObjects({
    file,
    compressors: { GZIP: (page) => gunzipSync(page, { maxOutputLength: inflatedMax }) },
  })
  // In place: a copy of each row costs as much as reading it.
  for (const row of rows) for (const name in row) row[name] = cellIn(row[name])
  return rows as TableRow[]
}

function cellOut(cell: Cell, type: Column["type"]): unknown {
  return type === "INTEGER" && cell !== null ? BigInt(cell as number) : cell
}

function cellIn(cell: unknown): Cell {
  return typeof cell === "bigint" ? Number(cell) : ((cell ?? null) as Cell)
}
