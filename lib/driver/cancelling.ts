import type { Journal } from '../journal/journal.ts'
import { isSettled } from '../journal/record.ts'
import { says, type Answer } from './answer.ts'
import { isJob, isWaiter } from './parking.ts'
import { isTurn } from './run-queue.ts'
import type { Strand } from './strand.ts'
import { isJoining } from './task.ts'
import type { Work } from './work.ts'

// How far a cancelled strand goes before it is told (F2): to the first thing that is not on record.

/** Whether an answer hands over what is recorded, or leads to where something may be. */
export function isOnRecord(answer: Answer, journal: Journal): boolean {
  if (says(answer) || answer.next === 'pend') return false
  return answer.next !== 'run' || readsRecord(answer.work, journal)
}

/** Whether a strand stands at something that has not ended, or has not begun at all. */
export function isHeldUp({ place, scope, hasBegun }: Strand, journal: Journal): boolean {
  if (place === undefined || isWaiter(place)) return true
  if (isJob(place)) return !readsRecord(place.work, journal)
  if (isTurn(place)) return !hasBegun && !scope.holdsRecords(journal)
  return isJoining(place) && !scope.isRecordedAhead(journal)
}

/** Whether work is a serdes that takes its time over a result on record. */
function readsRecord({ attempt, position }: Work, journal: Journal): boolean {
  return attempt === undefined && isSettled(journal.get(position.id))
}
