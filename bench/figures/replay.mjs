// @ts-check
import { Chain } from '../chain.mjs'
import { collectGarbage, heapInUse, mediansOf } from '../measure.mjs'
import { figure, linearity } from '../table.mjs'

const few = 1_000
const many = 10_000

/**
 * Replay of recorded steps: from the parsed event to the answer, with nothing left to run.
 * @param {import('../bench.mjs').Field} field
 */
export async function replayFigures({ perdure, official, floor, quick }) {
  const entrants = [perdure, official, floor]
  const effort = quick ? { runs: 9, warmUps: 20 } : { runs: 31, warmUps: 60 }
  const short = await mediansOf(entrants, 'replay', { steps: few }, effort)
  const longEffort = quick ? { runs: 3, warmUps: 1 } : { runs: 11, warmUps: 4 }
  const long = await mediansOf(entrants, 'replay', { steps: many }, longEffort)
  const cold = { steps: many, collected: true }
  const collected = await mediansOf(entrants, 'replay', cold, longEffort)
  const held = { steps: many, heap: true }
  const heap = await mediansOf(entrants, 'replay', held, { runs: quick ? 1 : 3 })
  return [
    figure('replay of 1,000 steps', 'ms', short, 'ms'),
    figure('replay of 10,000 steps', 'ms', long, 'ms', { under: 15 }),
    linearity(short, few, long, many),
    figure('  after a full garbage collection', 'ms', collected, 'ms'),
    figure('  heap held a step, beyond the event', 'B', heap, 'bytes', { under: 1000 }),
  ]
}

/**
 * @param {import('../contenders/contender.mjs').Contender} contender
 * @param {{ steps: number, collected?: boolean, heap?: boolean }} question with `collected`, right after
 *   a full garbage collection; with `heap`, bytes a step that are alive at the workflow's last line and
 *   were not before it began
 */
export async function sample(contender, { steps, collected, heap }) {
  const chain = Chain.of(contender, steps)
  if (!heap) {
    const atStart = () => collected && collectGarbage()
    return { ms: (await chain.run({ recorded: steps, atStart })).ms }
  }
  let before = 0
  let after = 0
  await chain.run({
    recorded: steps,
    atStart: () => void (before = heapInUse()),
    atEnd: () => void (after = heapInUse()),
  })
  return { bytes: (after - before) / steps }
}
