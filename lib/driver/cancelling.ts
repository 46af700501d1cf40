import type { Journal } from '../journal/journal.ts'
import { isSettled } from '../journal/record.ts'
import { says, type Answer } from './answer.ts'
import { isJob, isWaiter } from './parking.ts'
import { isTurn } from './run-queue.ts'
import type { Strand } from './strand.ts'
import { isJoining, type Task } from './task.ts'
import type { Work } from './work.ts'

// How far a cancelled strand goes before it is told (F2): to the first thing that is not on record.

/** Whether an answer says, begins or settles something. */
export function isNew(answer: Answer): boolean {
  if (says(answer) || answer.next === 'seal') return true
  return answer.next === 'run' && answer.work.attempt !== undefined
}

/** Whether an answer hands over what is recorded, or leads to where something may be. */
export function isOnRecord(answer: Answer, journal: Journal): boolean {
  if (says(answer) || answer.next === 'pend' || answer.next === 'seal') return false
  return answer.next !== 'run' || readsRecord(answer.work, journal)
}

/** Whether a strand stands at something that has not ended, or has not begun at all. */
export function isHeldUp(strand: Strand, journal: Journal): boolean {
  const { place, scope } = strand
  if (place === undefined || isWaiter(place)) return true
  if (isJob(place)) return !readsRecord(place.work, journal)
  if (isTurn(place)) return !strand.isToBegin && !scope.holdsRecords(journal)
  if (isJoining(place)) return !isEnding(place.task, strand)
  return isPutOff(place)
}

/** Whether a task that a strand waits for will end by itself: it is cancelled, too. */
function isEnding({ strand }: Task, waiting: Strand): boolean {
  if (!strand.isCancelled || strand === waiting) return false
  return !isJoining(strand.place) || isEnding(strand.place.task, waiting)
}

/** An answer put off until all that is recorded has been walked. */
export interface PutOff {
  readonly strand: Strand
  readonly answer: Answer
}

function isPutOff(place: unknown): place is PutOff {
  return typeof place === 'object' && place !== null && 'answer' in place
}

/** Whether work is a serdes that takes its time over a result on record. */
function readsRecord({ attempt, position }: Work, journal: Journal): boolean {
  return attempt === undefined && isSettled(journal.get(position.id))
}
