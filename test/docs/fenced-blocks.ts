/** The fenced blocks of the docs, for the tests that run them: what a page shows has to work. */
import { projectFiles, readProjectFile } from "../../scripts/checks/files.ts"

export interface FencedBlock {
  readonly page: string
  /** Of the block's first line, counted from 1. */
  readonly line: number
  /** The word behind the fence, and what stands behind it. */
  readonly language: string
  readonly words: string
  readonly text: string
}

export function fencedBlocks(page: string, text: string): readonly FencedBlock[] {
  const pattern = /^```([\w-]+)([^\n]*)\n([\s\S]*?)^```\s*$/gm
  return [...text.matchAll(pattern)].map(({ index, 1: language = "", 2: words = "", 3: block = "" }) => ({
    page,
    line: text.slice(0, index).split("\n").length + 1,
    language,
    words: words.trim(),
    text: block,
  }))
}

/** Every page a user reads. */
export async function documentedBlocks(): Promise<readonly FencedBlock[]> {
  const pages = (await projectFiles()).filter((file) => /^(README\.md|examples\/README\.md|docs\/.*\.md)$/.test(file))
  return pages.flatMap((page) => fencedBlocks(page, readProjectFile(page)))
}
