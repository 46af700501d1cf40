// @ts-check

/**
 * One line of the report. Less is better in every figure.
 * @typedef {object} Figure
 * @property {string} name
 * @property {Unit} unit
 * @property {number} perdure
 * @property {number | undefined} official where the official SDK has the like
 * @property {number | undefined} floor the least that this can cost, where it is measured
 * @property {Goal | undefined} goal what perdure has set itself
 */

/**
 * @typedef {'ms' | 'B' | 'kB' | 'MiB' | 'x' | ''} Unit
 * @typedef {{ under: number } | { upTo: number } | { timesLess: number }} Goal
 * @typedef {import('./entrant.mjs').Sample} Sample
 * @typedef {{ perdure: Sample, official: Sample, floor?: Sample }} Samples
 */

/**
 * The figure that one member of the samples shows.
 * @param {string} name
 * @param {Unit} unit
 * @param {Samples} samples
 * @param {string} member
 * @param {Goal} [goal]
 * @returns {Figure}
 */
export function figure(name, unit, samples, member, goal) {
  const { perdure, official, floor } = samples
  return {
    name,
    unit,
    perdure: perdure[member] ?? NaN,
    official: official[member] ?? NaN,
    floor: floor?.[member],
    goal,
  }
}

/**
 * The figure of something that the official SDK has not.
 * @param {string} name
 * @param {Unit} unit
 * @param {{ perdure: Sample }} samples
 * @param {string} member
 * @param {Goal} goal
 * @returns {Figure}
 */
export function unrivalled(name, unit, { perdure }, member, goal) {
  const official = undefined
  return { name, unit, perdure: perdure[member] ?? NaN, official, floor: undefined, goal }
}

/**
 * How much dearer a step is in a long chain than in a short one; 1 is linear growth.
 * @param {Samples} short @param {number} few
 * @param {Samples} long @param {number} many
 */
export function linearity(short, few, long, many) {
  /** @param {Sample} long @param {Sample} short */
  const growth = (long, short) => ({ x: (long.ms ?? NaN) / many / ((short.ms ?? NaN) / few) })
  const samples = {
    perdure: growth(long.perdure, short.perdure),
    official: growth(long.official, short.official),
    ...(long.floor && short.floor && { floor: growth(long.floor, short.floor) }),
  }
  return figure('  a step among many, to one among few', 'x', samples, 'x', { upTo: 1.5 })
}

const heads = ['figure', 'perdure', 'official', 'ratio', 'floor', 'goal', 'met']

/** @param {readonly Figure[]} figures */
export function table(figures) {
  const rows = [heads, ...figures.map(cellsOf)]
  const widths = heads.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)))
  const lines = rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  '),
  )
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

/** @param {Figure} figure */
function cellsOf({ name, unit, perdure, official, floor, goal }) {
  return [
    name,
    quantity(perdure, unit),
    official === undefined ? '' : quantity(official, unit),
    official === undefined ? '' : `${short(official / perdure)}x`,
    floor === undefined ? '' : quantity(floor, unit),
    goal === undefined ? '' : words(goal, unit),
    goal === undefined ? '' : isMet(goal, perdure, official) ? 'yes' : 'NO',
  ]
}

/** @param {Goal} goal @param {number} value @param {number} [official] */
function isMet(goal, value, official = NaN) {
  if ('timesLess' in goal) return official / value >= goal.timesLess
  return 'under' in goal ? value < goal.under : value <= goal.upTo
}

/** @param {Goal} goal @param {Unit} unit */
function words(goal, unit) {
  if ('timesLess' in goal) return `>= ${goal.timesLess}x less`
  return 'under' in goal ? `< ${quantity(goal.under, unit)}` : `<= ${quantity(goal.upTo, unit)}`
}

/** @param {number} value @param {Unit} unit */
function quantity(value, unit) {
  return unit === '' ? short(value) : `${short(value)} ${unit}`
}

/** Three digits say all that a measurement knows. @param {number} value */
function short(value) {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return String(Math.round(value))
  return value.toPrecision(3)
}
