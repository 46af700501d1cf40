import { withDurableExecution } from '@aws/durable-execution-sdk-js'
import { contexts } from './contexts.ts'
import { endings } from './endings.ts'
import { outside } from './outside.ts'
import type { Programs } from './program.ts'
import { steps } from './steps.ts'

export const programs: Programs = { ...steps, ...outside, ...contexts, ...endings }

/** Runs the program that the input names. */
export const handler = withDurableExecution(
  async ({ program, input }: { program: string; input: never }, context) => {
    const run = programs[program]
    if (!run) throw new Error(`There is no program ${program}.`)
    return run(input, context)
  },
)
