import { describeOperation } from '../../driver/words.ts'
import { callbackName, isOpen, type HistoryOperation } from './history.ts'

/** An operation in words: `step "charge"`. */
export function wordsOf({ type, subType, name, details }: HistoryOperation): string {
  return describeOperation({ type, subType }, name ?? details.functionName)
}

const mostNames = 20

/** Operations in one line, for a message. */
export function namesOf(operations: readonly HistoryOperation[]): string {
  const shown = operations.slice(0, mostNames).map((one) => `${one.id} ${wordsOf(one)}`)
  const more = operations.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** What an execution waits for that goes on no further: its innermost open operations. */
export function awaited(operations: readonly HistoryOperation[]): string[] {
  return operations
    .filter((one) => isOpen(one) && !one.children.some(isOpen))
    .map((one) => `${awaitedWords(one)} (operation ${one.id})`)
}

function awaitedWords(operation: HistoryOperation): string {
  if (operation.type === 'CALLBACK') {
    const name = callbackName(operation)
    return name === operation.id ? 'a callback' : `callback ${JSON.stringify(name)}`
  }
  if (operation.type === 'STEP' && operation.status === 'STARTED') {
    return `the body of ${wordsOf(operation)}`
  }
  return wordsOf(operation)
}
