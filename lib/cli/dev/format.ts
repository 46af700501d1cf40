import type { Paint } from '../views/text.ts'
import { shortName, type Happening } from './activity.ts'

const colours = {
  started: 'cyan',
  suspended: 'gray',
  callback: 'yellow',
  'invocation-failed': 'red',
  ended: 'green',
  output: undefined,
  reloaded: 'cyan',
  warning: 'yellow',
} as const

/** One line for people: when, which execution, and what. */
export function formatHappening(one: Happening, paint: Paint): string {
  const { kind, at, function: of, execution, text, status } = one
  const time = at.slice(5, 19).replace('T', ' ')
  const whose = execution === undefined ? (of ?? '') : `${of ?? ''}/${shortName(execution)}`
  const colour = status !== undefined && status !== 'SUCCEEDED' ? 'red' : colours[kind]
  const said = kind === 'output' ? `| ${text}` : text
  return [paint('gray', time), whose, colour === undefined ? said : paint(colour, said)]
    .filter((part) => part !== '')
    .join('  ')
}
