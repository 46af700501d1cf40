import { isDeepStrictEqual } from 'node:util'
import { describeDescriptor } from '../../driver/words.ts'
import { describe, invalidOption } from '../../kernel/errors.ts'
import { isDescriptor, type Descriptor, type Operation } from '../../operations/operation.ts'
import type { Sight } from '../stepper/encounters.ts'
import { Likeness } from './like.ts'
import { optionsOf, plainOf, type Plain } from './plain.ts'

/** What is expected: an operation as its builder makes it, a likeness of one, or its name. */
export type Expected = Operation<unknown> | Likeness | string

/** Both sides of a comparison, each as far as the other says something of it. */
export interface Sides {
  readonly expected: unknown
  readonly actual: unknown
}

/** An expectation, ready to be held against operations. */
export interface Expectation {
  readonly words: string
  readonly fits: (sight: Sight) => boolean
  readonly sides: (sight: Sight | undefined) => Sides
}

/** Throws INVALID_OPTION for what cannot be expected. */
export function expectationOf(expected: Expected): Expectation {
  if (typeof expected === 'string') {
    return expectation(
      JSON.stringify(expected),
      () => expected,
      ({ name }) => name,
    )
  }
  if (expected instanceof Likeness) {
    return expectation(
      expected.words,
      () => likePlain(expected),
      ({ operation }) => project(operation, expected),
    )
  }
  if (isDescriptor(expected)) {
    const words = describeDescriptor(expected)
    return expectation(
      words,
      () => plainOf(expected),
      ({ operation }) => plainOf(operation),
    )
  }
  throw invalidOption(
    'expected',
    `an operation, a name or \`like.…\`, not ${describe(expected)}`,
    expected,
  )
}

function expectation(
  words: string,
  wanted: () => unknown,
  found: (sight: Sight) => unknown,
): Expectation {
  return {
    words,
    fits: (sight) => isDeepStrictEqual(found(sight), wanted()),
    sides: (sight) => ({ expected: wanted(), actual: sight && found(sight) }),
  }
}

function likePlain(like: Likeness): Plain {
  const { words, seconds, options } = like
  return {
    operation: words,
    ...(seconds === undefined ? {} : { seconds }),
    ...('input' in like ? { input: like.input } : {}),
    ...someOptions(optionsOf(options)),
  }
}

function someOptions(options: object): { readonly options?: object } {
  return Object.keys(options).length > 0 ? { options } : {}
}

/** What an operation says of that which a likeness asks for. */
function project(operation: Descriptor<unknown>, like: Likeness): Plain {
  const plain = plainOf(operation)
  const asked = optionsOf(like.options)
  const has = (plain.options ?? {}) as Record<string, unknown>
  const { kind } = operation
  return {
    operation:
      like.name === undefined && kind === like.kind ? like.words : wordsFor(operation, like),
    ...(like.seconds === undefined ? {} : { seconds: plain.seconds }),
    ...('input' in like ? { input: plain.input } : {}),
    ...someOptions(
      Object.fromEntries(
        Object.keys(asked).flatMap((key) => (key in has ? [[key, has[key]]] : [])),
      ),
    ),
  }
}

/** An invoke is meant by its function, also where it has a name of its own. */
function wordsFor(operation: Descriptor<unknown>, like: Likeness): string {
  const { kind, functionName } = operation as Descriptor<unknown> & { functionName?: string }
  const isMeant = kind === like.kind && functionName !== undefined && functionName === like.name
  return isMeant ? like.words : describeDescriptor(operation)
}
