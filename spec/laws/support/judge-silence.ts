import type { Entry } from './transcript.ts'

/** Judges L4: no code of the author's runs because an invocation suspends or ends. */
export function judgeSilence(entries: readonly Entry[]): string[] {
  const over = new Map<number, string>()
  return entries.flatMap((entry) => {
    const { invocation } = entry
    const how = over.get(invocation)
    switch (entry.what) {
      case 'returned':
      case 'threw':
        over.set(invocation, how ?? entry.what)
        return []
      case 'cleansUp':
        if (!entry.isThrough) {
          return [`invocation ${invocation}: a finally at ${entry.place} runs, its block undone`]
        }
        return how === undefined ? [] : [late(entry, `a finally at ${entry.place} runs`, how)]
      case 'began':
        return how === undefined ? [] : [late(entry, `the body of ${entry.id} begins`, how)]
      case 'enters':
        return how === undefined ? [] : [late(entry, `the body at ${entry.place} is entered`, how)]
      case 'saw':
        return how === undefined ? [] : [late(entry, `the code at ${entry.place} goes on`, how)]
      default:
        return []
    }
  })
}

function late({ invocation }: Entry, what: string, how: string): string {
  return `invocation ${invocation}: ${what} after it ${how}`
}
