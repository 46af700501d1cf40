import { invalidOption, PerdureError } from '../../kernel/errors.ts'
import { checkFunctions } from '../../operations/options.ts'
import { VirtualClock } from '../virtual-clock.ts'
import type { RunOptions } from './options.ts'

const known: Readonly<Record<keyof RunOptions, true>> = {
  input: true,
  functions: true,
  callbacks: true,
  crashes: true,
  steps: true,
  compensations: true,
  clock: true,
  driver: true,
  timeout: true,
  invocationTimeout: true,
  limits: true,
  name: true,
  random: true,
  patience: true,
  onInvocation: true,
}

const byName = ['functions', 'callbacks', 'steps', 'compensations'] as const

/** Throws INVALID_OPTION for options that a run does not have, or that could only be a slip. */
export function checkRunOptions(options: RunOptions): void {
  if (!isPlain(options)) {
    throw invalidOption('options', 'an object, with the input as its `input`', options)
  }
  const strange = Object.keys(options).find((name) => !Object.hasOwn(known, name))
  if (strange !== undefined) {
    throw new PerdureError(
      'INVALID_OPTION',
      `A run has no option \`${strange}\`. It has ${Object.keys(known).join(', ')}. ` +
        'What the workflow is handed goes into `input`.',
    )
  }
  for (const name of byName) {
    const value: unknown = options[name]
    if (value !== undefined && !isPlain(value))
      throw invalidOption(name, 'an object by name', value)
  }
  const { crashes, clock } = options
  if (crashes !== undefined && !isListOfNames(crashes)) {
    throw invalidOption('crashes', 'an array of names of steps', crashes)
  }
  if (clock !== undefined && !(clock instanceof VirtualClock)) {
    throw invalidOption('clock', 'a VirtualClock', clock)
  }
  checkFunctions(options, 'onInvocation')
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
