import { builderLine, noteBuilder, type Noted } from '../../driver/lines.ts'
import type { Descriptor } from '../../operations/operation.ts'
import { Run, type Company } from './run.ts'
import type { Subject } from './subject.ts'

/** The lines that operations were yielded on, by their ids, seen in a run of their own. */
export async function linesOf(
  subject: Subject,
  company: Company = {},
): Promise<ReadonlyMap<string, string>> {
  const lines = new Map<string, string>()
  /** What is within these, nobody but the engine has yielded. */
  const whole = new Set<string>()
  const observe: Company['observe'] = (invocation) => {
    const built = new Map<Descriptor<unknown>, Noted>()
    return {
      ...company.observe?.(invocation),
      built: (operation) => void built.set(operation, noteBuilder(operation)),
      met(operation, position) {
        const noted = built.get(operation)
        const line = noted && builderLine(noted)
        if (!position || line === undefined || whole.has(around(position.id))) return
        lines.set(position.id, line)
        if (operation.kind === 'wait-for-callback') whole.add(position.id)
      },
    }
  }
  await new Run(subject, { ...company, observe }).run()
  return lines
}

/** The line of an operation, or of the nearest one around it that has one. */
export function lineOf(lines: ReadonlyMap<string, string>, id: string): string | undefined {
  for (let at = id; at !== ''; at = around(at)) {
    const line = lines.get(at)
    if (line !== undefined) return line
  }
  return undefined
}

function around(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('-')))
}
