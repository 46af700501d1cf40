import { painter } from '../text.ts'

/** What one check of `perdure doctor` came to; as `--json` prints it. */
export interface Finding {
  readonly verdict: 'ok' | 'warning' | 'mistake'
  /** What was looked at: `Node`, `handler of src/order.ts`. */
  readonly about: string
  readonly found: string
  /** What to do; nothing where all is well. */
  readonly advice?: string
}

export const ok = (about: string, found: string): Finding => ({ verdict: 'ok', about, found })

export const warning = (about: string, found: string, advice: string): Finding => ({
  verdict: 'warning',
  about,
  found,
  advice,
})

export const mistake = (about: string, found: string, advice: string): Finding => ({
  verdict: 'mistake',
  about,
  found,
  advice,
})

const colours = { ok: 'green', warning: 'yellow', mistake: 'red' } as const

/** For people: a line for each, its advice below it, and the sum. */
export function formatFindings(
  findings: readonly Finding[],
  { isColoured = false }: { readonly isColoured?: boolean } = {},
): string[] {
  const paint = painter(isColoured)
  const lines = findings.flatMap(({ verdict, about, found, advice }) => [
    `${paint(colours[verdict], verdict.padEnd(7))}  ${about}: ${found}`,
    ...(advice ?? '').split('\n').flatMap((line) => (line === '' ? [] : [`         ${line}`])),
  ])
  const counts = { ok: 0, warning: 0, mistake: 0 }
  for (const { verdict } of findings) counts[verdict] += 1
  const sum = `${counts.mistake} mistakes, ${counts.warning} warnings, ${counts.ok} in order`
  return [...lines, '', sum.replace(/\b1 (mistake|warning)s/g, '1 $1')]
}
