import type { Around } from '../stepper/encounters.ts'

/** A box of the chart. */
export interface Node {
  /** By which it is told from others: the place of an operation, and what it is there. */
  readonly key: string
  /** For operations, by which its record is known. */
  readonly id: string | undefined
  readonly kind: string
  readonly name: string | undefined
  /** Under which key choices for it are declared. */
  readonly choice: string | undefined
  readonly label: string
  readonly contexts: readonly Around[]
  isVisited: boolean
}

/** A way from one box to another, with the answers that lead there. */
export interface Edge {
  readonly from: Node
  readonly to: Node
  readonly labels: Set<string>
  isVisited: boolean
}

export interface Chart {
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
  /** What is to be said of it beside the drawing, a line each. */
  readonly remarks: readonly string[]
}

/** Left and right side of a box, by what it stands for; a rectangle where nothing is said. */
const shapes: Readonly<Record<string, readonly [string, string]>> = {
  start: ['((', '))'],
  end: ['([', '])'],
  cut: ['((', '))'],
  wait: ['(', ')'],
  invoke: ['[[', ']]'],
  condition: ['{{', '}}'],
  callback: ['[/', '/]'],
  'wait-for-callback': ['[/', '/]'],
}

/** A chart as the text of a mermaid flowchart; the same chart is the same text. */
export function toMermaid({ nodes, edges, remarks }: Chart): string {
  const ids = new Map(nodes.map((node, index) => [node, `n${index}`]))
  const idOf = (node: Node): string => ids.get(node) ?? ''
  const lines = ['flowchart TD', ...remarks.map((remark) => `  %% ${inOneLine(remark)}`)]
  lines.push(...boxes(nodes, 0, 1, idOf))
  for (const { from, to, labels } of edges) {
    const label = [...labels].filter((one) => one !== '').join(', ')
    const arrow = label === '' ? '-->' : `-->|${quoted(label)}|`
    lines.push(`  ${idOf(from)} ${arrow} ${idOf(to)}`)
  }
  const visited = nodes.filter(({ isVisited }) => isVisited).map(idOf)
  if (visited.length > 0) {
    lines.push('  classDef visited fill:#d3f0d8,stroke:#2b7a3d,stroke-width:2px')
    lines.push(`  class ${visited.join(',')} visited`)
  }
  const ways = edges.flatMap(({ isVisited }, index) => (isVisited ? [index] : []))
  if (ways.length > 0) {
    lines.push(`  linkStyle ${ways.join(',')} stroke:#2b7a3d,stroke-width:2px`)
  }
  return `${lines.join('\n')}\n`
}

/** The boxes, those of one context together, where the first of them comes. */
function boxes(
  nodes: readonly Node[],
  depth: number,
  indent: number,
  idOf: (node: Node) => string,
): string[] {
  const margin = '  '.repeat(indent)
  const lines: string[] = []
  const done = new Set<string>()
  for (const node of nodes) {
    const context = node.contexts[depth]
    if (context === undefined) {
      const [left, right] = shapes[node.kind] ?? ['[', ']']
      lines.push(`${margin}${idOf(node)}${left}${quoted(node.label)}${right}`)
      continue
    }
    if (done.has(context.id)) continue
    done.add(context.id)
    const inside = nodes.filter(({ contexts }) => contexts[depth]?.id === context.id)
    lines.push(
      `${margin}subgraph c${context.id.replace(/\W/g, '_')}[${quoted(context.name)}]`,
      ...boxes(inside, depth + 1, indent + 1, idOf),
      `${margin}end`,
    )
  }
  return lines
}

/** Text as mermaid takes it in quotes: what means something there is written as an entity. */
function quoted(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '"': '#quot;',
    '#': '#35;',
    '<': '#lt;',
    '>': '#gt;',
    '&': '#amp;',
    '`': '#96;',
  }
  return `"${inOneLine(text).replace(/["#<>&`]/g, (sign) => entities[sign] ?? sign)}"`
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
