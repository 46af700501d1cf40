// @ts-check
import { Chain } from '../chain.mjs'
import { mediansOf } from '../measure.mjs'
import { figure, linearity } from '../table.mjs'

const few = 1_000
const many = 10_000

/**
 * Steps that run for the first time, against a service that answers at once.
 * @param {import('../bench.mjs').Field} field
 */
export async function freshFigures({ perdure, official, quick }) {
  const entrants = [perdure, official]
  const effort = quick ? { runs: 5, warmUps: 3 } : { runs: 15, warmUps: 8 }
  const short = await mediansOf(entrants, 'fresh', { steps: few }, effort)
  const longEffort = quick ? { runs: 1 } : { runs: 3, warmUps: 1 }
  const long = await mediansOf(entrants, 'fresh', { steps: many }, longEffort)
  return [
    figure('1,000 fresh steps', 'ms', short, 'ms'),
    figure('10,000 fresh steps', 'ms', long, 'ms', { under: 150 }),
    linearity(short, few, long, many),
  ]
}

/**
 * @param {import('../contenders/contender.mjs').Contender} contender
 * @param {{ steps: number }} question
 */
export async function sample(contender, { steps }) {
  const { ms } = await Chain.of(contender, steps).run()
  return { ms }
}
