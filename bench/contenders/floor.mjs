// @ts-check

/**
 * The least that a replay in the shape of ours can cost: a generator, a map of the records, and a parse
 * of each result. No checks, nothing that could run, suspend or fail.
 * @type {import('./contender.mjs').Contender}
 */
export const contender = {
  name: 'floor',
  id: (position) => String(position),

  chain: ({ steps, atEnd }) => {
    return async (event) => ({ Status: 'SUCCEEDED', Result: JSON.stringify(walk(event)) })

    /** @param {any} event */
    function walk(event) {
      const records = new Map()
      for (const record of event.InitialExecutionState.Operations) records.set(record.Id, record)
      const workflow = sum()
      let turn = workflow.next({ value: 0 })
      for (let position = 1; turn.done !== true; position++) {
        const { StepDetails } = records.get(String(position))
        turn = workflow.next(JSON.parse(StepDetails.Result))
      }
      return turn.value
    }

    /** @returns {Generator<{ kind: 'step' }, number, { value: number }>} */
    function* sum() {
      let sum = 0
      for (let i = 1; i <= steps; i++) sum += (yield { kind: 'step' }).value
      atEnd?.()
      return sum
    }
  },

  fanOut() {
    throw new Error('A bare generator runs nothing side by side.')
  },

  waiting() {
    throw new Error('A bare generator cannot suspend.')
  },
}
