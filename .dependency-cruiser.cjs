/**
 * Who may import whom. Deleting a facade or an adapter must stay deleting a folder, and the core must stay a thing that
 * can be run by anyone with nothing but a decision and some events.
 */
const { existsSync, readFileSync } = require("node:fs")
const { join } = require("node:path")

/** The few packages the core may use; each is named there with its reason. */
function coreVendors() {
  const page = join(__dirname, "engine/src/core/vendor.md")
  if (!existsSync(page)) return []
  return [...readFileSync(page, "utf8").matchAll(/^- `([^`]+)`/gm)].map(([, name]) => name)
}

const CORE = "^engine/src/core/"
const PORTS = "^engine/src/ports/"
const TESTS = "\\.(test|proof)\\.tsx?$|/testing/"
const installed = (names) => `node_modules/(${names.join("|") || "(?!)"})(/|$)`

/** What several facades of the server share and that composes nothing. */
const HELPERS = "^server/src/(?!main\\.ts)[^/]+\\.ts$"

/** What pages are made with; every other folder of the web is a subject. */
const WEB_SHARED = ["page", "live", "data", "keys", "prefs", "ui"]

/** A rule: files under `from` may import only what matches one of `allowed`. */
const only = (name, comment, from, allowed, extra = {}) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: TESTS, ...extra },
  to: { pathNot: allowed, couldNotResolve: false },
})

/** Every package that npm installs and every module of Node. */
const OUTSIDE = ["node_modules", "^(node:)?[a-z_]+(/promises)?$"]

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "A cycle is one file in several places.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "declared",
      comment: "A package is used by those that declare it.",
      severity: "error",
      from: { pathNot: TESTS },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only", "type-import"] },
    },

    only("contract-is-a-leaf", "The wire imports nothing of ours.", "^contract/src/", [
      "^contract/src/",
      installed(["typebox"]),
    ]),
    only("core-is-pure", "The core decides; it imports only itself and what core/vendor.md lists.", CORE, [
      CORE,
      installed(coreVendors()),
    ]),
    {
      name: "evolve-only-assigns",
      comment: "Rule 2: folding an event computes nothing, or an upgrade would change history.",
      severity: "error",
      from: { path: `${CORE}run/evolve` },
      to: { path: `${CORE}(definition|expression|policy|schema)/`, dependencyTypesNot: ["type-only"] },
    },
    only("ports-know-the-core", "A port is an interface in the core's words.", PORTS, [PORTS, CORE]),
    only(
      "usecases-and-runtime-see-ports",
      "Loops and use-cases run on any adapter, so they know none.",
      "^engine/src/(usecases|runtime)/",
      ["^engine/src/(usecases|runtime)/", PORTS, CORE, "^engine/src/door(\\.ts$|/)", installed(["ulid"])],
    ),
    {
      name: "adapters-do-not-meet",
      comment: "An adapter can be deleted without a look at the others.",
      severity: "error",
      from: { path: "^engine/src/adapters/([^/]+)/", pathNot: TESTS },
      to: { path: "^engine/src/adapters/([^/]+)/", pathNot: "^engine/src/adapters/$1/" },
    },
    only(
      "adapters-know-ports",
      "An adapter holds storage or transport, never a transition.",
      "^engine/src/adapters/([^/]+)/",
      [
        "^engine/src/adapters/$1/",
        "^engine/src/adapters/(low-priority|thread-entry|write-whole)\\.ts$",
        PORTS,
        CORE,
        ...OUTSIDE,
      ],
    ),
    {
      name: "engine-imports-no-neighbour",
      comment: "The engine is below everything but the agents' port, which is its own.",
      severity: "error",
      from: { path: "^engine/src/", pathNot: TESTS },
      to: { path: "^(agents|server|sdk|cli|contract|examples|bench|test|scripts)/" },
    },
    {
      name: "one-door",
      comment:
        "Others enter the engine by its door; agents speak its port, and the server's own files put it together.",
      severity: "error",
      from: {
        path: "^(server|cli|sdk|bench|test|examples)/",
        pathNot: `${TESTS}|^server/src/([^/]+\\.ts$|compose/)`,
      },
      to: { path: "^engine/src/", pathNot: "^engine/src/(index|testing/index)\\.ts$|^engine/src/testing/" },
    },
    only("agents-speak-the-port", "The agent runtime also runs where there is no engine.", "^agents/src/", [
      "^agents/src/",
      CORE,
      PORTS,
      "^contract/src/",
      "^sdk/src/",
      ...OUTSIDE,
    ]),
    {
      name: "facades-do-not-meet",
      comment: "A facade translates for its own source and never leans on another.",
      severity: "error",
      from: { path: "^server/src/(http|realtime)/([^/]+)/", pathNot: TESTS },
      to: { path: "^server/src/(http|realtime)/([^/]+)/", pathNot: "^server/src/(?:$1/$2|http/shared)/" },
    },
    only(
      "facades-see-the-door",
      "What a facade can do, anyone can do through the door.",
      "^server/src/(http|realtime)/",
      [
        "^server/src/(http|realtime)/",
        // Who may: it stands beside the facades, on the same door of the engine.
        "^server/src/access/",
        "^contract/src/",
        "^engine/src/index\\.ts$",
        HELPERS,
        "package\\.json$",
        ...OUTSIDE,
      ],
    ),
    only(
      "sdk-knows-the-contract",
      "A client is installed alone.",
      "^sdk/src/",
      ["^sdk/src/", "^contract/src/", ...OUTSIDE],
      {
        pathNot: `${TESTS}|^sdk/src/testing\\.ts$`,
      },
    ),
    only(
      "cli-uses-the-sdk",
      "The command line has no private door.",
      "^cli/src/",
      ["^cli/src/", "^sdk/src/", "^contract/src/", "package\\.json$", ...OUTSIDE],
      {
        pathNot: `${TESTS}|^cli/src/offline/`,
      },
    ),
    only("web-speaks-to-the-api", "The pages have no private door.", "^web/src/", [
      "^web/src/",
      "^sdk/src/",
      "^contract/src/",
      ...OUTSIDE,
    ]),
    {
      name: "web-takes-types-of-the-contract",
      comment: "A value of the contract would bring the schema builder into the browser.",
      severity: "error",
      from: { path: "^web/src/", pathNot: TESTS },
      to: { path: "^contract/src/", dependencyTypesNot: ["type-only"] },
    },
    only("web-paths-import-nothing", "An address is a text; anybody may ask for one.", "^web/src/paths\\.ts$", [
      "(?!)",
    ]),
    only("web-ui-knows-no-subject", "Components know neither router nor query nor what they show.", "^web/src/ui/", [
      "^web/src/ui/",
      "^contract/src/",
      `node_modules/(?!@tanstack/react-(router|query)/)`,
    ]),
    only(
      "web-shared-knows-no-subject",
      "What pages are made with knows no page.",
      `^web/src/(${WEB_SHARED.join("|")})/`,
      [`^web/src/(${WEB_SHARED.join("|")})/`, "^web/src/paths\\.ts$", "^(sdk|contract)/src/", "node_modules"],
    ),
    only(
      "web-parts-know-no-subject",
      "A part is what two subjects show alike; it knows neither of them.",
      "^web/src/parts/",
      [`^web/src/(parts|${WEB_SHARED.join("|")})/`, "^web/src/paths\\.ts$", "^(sdk|contract)/src/", "node_modules"],
    ),
    {
      name: "web-subjects-do-not-meet",
      comment: "A subject can be deleted without a look at the others; only app/ knows them all.",
      severity: "error",
      from: { path: `^web/src/(?!(?:app|parts|${WEB_SHARED.join("|")})/)([^/]+)/` },
      to: { path: "^web/src/[^/]+/", pathNot: `^web/src/($1|parts|${WEB_SHARED.join("|")})/` },
    },
    {
      name: "web-heavy-parts-are-lazy",
      comment: "The editor and the graph are no part of what a page needs to open.",
      severity: "error",
      from: { path: "^web/src/(app|page|live|data|keys|prefs)/" },
      to: { path: "node_modules/(@codemirror|@xyflow|@dagrejs|@lezer)/" },
    },
    {
      name: "nobody-imports-tests",
      comment: "What ships does not lean on test code.",
      severity: "error",
      from: { pathNot: TESTS },
      to: { path: "\\.(test|proof)\\.tsx?$" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mts", ".mjs", ".js", ".cjs", ".json", ".d.ts"],
    },
  },
}
