import { driver } from '../../../lib/index.ts'
import { contexts } from './contexts.ts'
import { endings } from './endings.ts'
import { outside } from './outside.ts'
import type { Programs } from './program.ts'
import { steps } from './steps.ts'

export const programs: Programs = { ...steps, ...outside, ...contexts, ...endings }

/** Runs the program that the input names. */
export const workflow: Programs[string] = function* (
  { program, input }: { program: string; input: never },
  context,
) {
  const run = programs[program]
  if (!run) throw new Error(`There is no program ${program}.`)
  return yield* run(input, context)
}

export const handler = driver.lambdaHandler(workflow)
