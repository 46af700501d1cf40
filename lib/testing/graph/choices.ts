import { invalidOption, reasonOf } from '../../kernel/errors.ts'
import type { OpenOperation } from '../stepper/open-operation.ts'
import type { Stepper } from '../stepper/stepper.ts'

/** One way in which an operation may answer. */
export type Choice = { readonly succeed: unknown } | { readonly fail: unknown } | 'timeout'

/**
 * For operations, by name, how they may answer; those not named succeed with `undefined`. What undoes a
 * step goes by its words: `compensation of "charge"`.
 */
export type Choices = Readonly<Record<string, readonly Choice[]>>

/** An answer that can be given, and what it is called on the way that it opens. */
export interface Option {
  readonly label: string
  /** What the record says when it was this one. */
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT'
  readonly result?: string | undefined
  readonly give: (open: OpenOperation<Stepper>) => void
}

const pass: Option = { label: '', status: 'SUCCEEDED', give: (open) => void open.next() }
const succeed: Option = { label: '', status: 'SUCCEEDED', give: (open) => void open.succeed() }

export function optionsFor(open: OpenOperation<Stepper>, choices: Choices): readonly Option[] {
  if (open.operation.kind === 'wait') return [pass]
  const declared = choices[keyOf(open.operation.kind, open.name, open.words)]
  if (declared === undefined) return [succeed]
  return declared.map((choice) => optionOf(choice, declared.length > 1))
}

/** Under which key of the choices an operation is looked for. */
export function keyOf(kind: string, name: string | undefined, words: string): string {
  return kind === 'compensation' || name === undefined ? words : name
}

function optionOf(choice: Choice, isOneOfMany: boolean): Option {
  if (choice === 'timeout') {
    return { label: 'timeout', status: 'TIMED_OUT', give: (open) => void open.timeout() }
  }
  if ('fail' in choice) {
    const { fail } = choice
    return {
      label: `fails: ${cut(reasonOf(fail))}`,
      status: 'FAILED',
      give: (open) => void open.fail(fail),
    }
  }
  const { succeed: value } = choice
  const text = value === undefined ? undefined : JSON.stringify(value)
  return {
    label: isOneOfMany ? cut(text ?? 'nothing') : '',
    status: 'SUCCEEDED',
    result: text,
    give: (open) => void open.succeed(value),
  }
}

/** Throws INVALID_OPTION for choices that are none. */
export function checkChoices(choices: Choices): void {
  for (const [name, list] of Object.entries(choices)) {
    if (!Array.isArray(list) || list.length === 0 || !list.every(isChoice)) {
      const expected = "an array of { succeed }, { fail } or 'timeout'"
      throw invalidOption(`choices.${name}`, expected, list)
    }
  }
}

function isChoice(choice: unknown): boolean {
  if (choice === 'timeout') return true
  return typeof choice === 'object' && choice !== null && ('succeed' in choice || 'fail' in choice)
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}
