import { shownEvent, type HistoryEvent } from '../../service/history.ts'
import type { ExecutionChange, ExecutionProgress, Store } from '../../service/store.ts'

/** What the service has written down of one execution. */
export interface Chapter {
  readonly arn: string
  readonly functionName: string
  progress: ExecutionProgress
  /** How many events there have been. */
  events: number
}

/** A store that keeps nothing but the standing of executions, and tells of each event as it is stored. */
export class Chronicle implements Store {
  readonly #chapters = new Map<string, Chapter>()
  readonly #onEvent: (chapter: Chapter, event: HistoryEvent) => void
  readonly #onChange: (chapter: Chapter) => void

  constructor(
    onEvent: (chapter: Chapter, event: HistoryEvent) => void,
    onChange: (chapter: Chapter) => void,
  ) {
    this.#onEvent = onEvent
    this.#onChange = onChange
  }

  load(): [] {
    return []
  }

  save(changes: readonly ExecutionChange[]): void {
    for (const change of changes) {
      const chapter = this.#chapterOf(change)
      chapter.progress = change.progress
      for (const event of change.events) {
        chapter.events += 1
        this.#onEvent(chapter, shownEvent(event, chapter.events, true))
      }
      this.#onChange(chapter)
    }
  }

  remove(arn: string): void {
    this.#chapters.delete(arn)
  }

  #chapterOf({ arn, facts, progress }: ExecutionChange): Chapter {
    const known = this.#chapters.get(arn)
    if (known) return known
    const chapter = { arn, functionName: facts?.functionName ?? '', progress, events: 0 }
    this.#chapters.set(arn, chapter)
    return chapter
  }
}
