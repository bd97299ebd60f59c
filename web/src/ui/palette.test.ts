/// <reference types="node" />
/**
 * The colours, held to what was found when they were chosen. Sight is simulated after Machado, Oliveira and Fernandes 2009
 * (severity 1, matrices on linear RGB); distance is CIE76 in CIELAB under D65. The tokens are read from the style sheet
 * itself.
 */
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

const css = readFileSync(new URL("../styles.css", import.meta.url), "utf8")

type Rgb = readonly [number, number, number]
type Matrix = readonly [Rgb, Rgb, Rgb]

const sights: { readonly [name: string]: Matrix } = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}
const xyz: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
]
const white: Rgb = [0.95047, 1, 1.08883]

const times = (m: Matrix, [r, g, b]: Rgb): Rgb => m.map((row) => row[0] * r + row[1] * g + row[2] * b) as unknown as Rgb
const each = (rgb: Rgb, of: (value: number, at: number) => number): Rgb => rgb.map(of) as unknown as Rgb
const clip = (value: number) => Math.min(1, Math.max(0, value))

function linear(hex: string): Rgb {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb
  return each(channels, (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
}

function lab(rgb: Rgb): Rgb {
  const [x, y, z] = each(times(xyz, rgb), (v, at) => {
    const t = v / white[at]!
    return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116
  })
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function contrast(one: string, other: string): number {
  const [low, high] = [one, other].map((hex) => times(xyz, linear(hex))[1]).sort((a, b) => a - b)
  return (high! + 0.05) / (low! + 0.05)
}

/** The smallest distance between any two of the colours as anybody sees them. */
function smallestDistance(colors: readonly string[]): number {
  const seen = Object.values(sights).map((sight) => colors.map((hex) => lab(each(times(sight, linear(hex)), clip))))
  const pairs = seen.flatMap((all) => all.flatMap((a, at) => all.slice(at + 1).map((b) => [a, b] as const)))
  return Math.min(...pairs.map(([a, b]) => Math.hypot(...each(a, (v, at) => v - b[at]!))))
}

const themes = ["light", "dark"] as const
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
)
const token = (name: string, theme: (typeof themes)[number]) => tokens.get(name)![theme]
const status = ["completed", "failed", "waiting", "running", "stalled"]

test.each([
  ["light", "#138656 #7e0707 #bd750a #083a91 #b02af4", 28.8],
  ["dark", "#77f8c2 #e33b51 #f39912 #347af4 #d4a9ea", 38.1],
] as const)("in the %s theme the five status colours stay apart for every kind of sight", (theme, colors, distance) => {
  const read = status.map((name) => token(`status-${name}`, theme))
  expect(read.join(" ")).toBe(colors)
  expect(smallestDistance(read)).toBeCloseTo(distance, 1)
})

const grounds = ["canvas", "surface", "raised", "sunken", "hover", "selected"]

test.each(themes)("in the %s theme every text reads on every ground, and every mark and field is seen", (theme) => {
  const texts = ["fg", "fg-muted", "fg-faint", "accent", "danger"]
  const marks = [...status.map((name) => `status-${name}`), "status-quiet", "line-control", "ring"]
  const ratios = grounds.flatMap((ground) => [
    ...texts.map((name) => ({ name, ground, least: 4.5 })),
    ...marks.map((name) => ({ name, ground, least: 3 })),
  ])
  const tooWeak = ratios.filter((r) => contrast(token(r.name, theme), token(r.ground, theme)) < r.least)
  expect(tooWeak).toEqual([])
})

test.each(themes)("in the %s theme the text on filled buttons and on differences reads", (theme) => {
  const pairs = [
    ...["accent-fill", "accent-fill-hover", "danger-fill", "danger-fill-hover"].map((fill) => ["on-fill", fill]),
    ...["added", "fg", "fg-muted"].map((text) => [text, "added-ground"]),
    ...["removed", "fg", "fg-muted"].map((text) => [text, "removed-ground"]),
  ]
  const tooWeak = pairs.filter(([text, ground]) => contrast(token(text!, theme), token(ground!, theme)) < 4.5)
  expect(tooWeak).toEqual([])
})
