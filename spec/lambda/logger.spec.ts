import { expect } from 'chai'
import type { Log } from '../../lib/kernel/logger.ts'
import { lambdaLog } from '../../lib/lambda/logger.ts'

const now = () => Date.UTC(2026, 0, 1)
const timestamp = '2026-01-01T00:00:00.000Z'

/** The lines that `use` makes the logger write. */
function lines(use: (log: Log) => void, env: Record<string, string> = {}): string[] {
  const written: string[] = []
  use(lambdaLog(now, env, (line) => void written.push(line)))
  return written
}

const parsed = (written: readonly string[]) => written.map((line) => JSON.parse(line) as unknown)

function all(log: Log): void {
  log.debug('d')
  log.info('i')
  log.warn('w')
  log.error('e')
}

describe('the default logger', () => {
  it('writes a line of JSON for each message', () => {
    const [line = ''] = lines((log) => void log.info('charged', { id: 'ch_1', amount: 5 }))

    expect(line.endsWith('\n')).to.equal(true)
    expect(JSON.parse(line)).to.deep.equal({
      timestamp,
      level: 'INFO',
      message: 'charged',
      id: 'ch_1',
      amount: 5,
    })
  })

  it('writes tab-separated text where Lambda is set to that', () => {
    const env = { AWS_LAMBDA_LOG_FORMAT: 'Text' }
    const written = lines((log) => {
      log.warn('slow', { requestId: 'r1', seconds: 9 })
      log.info('plain')
    }, env)

    expect(written).to.deep.equal([
      `${timestamp}\tr1\tWARN\tslow\t{"seconds":9}\n`,
      `${timestamp}\t\tINFO\tplain\t{}\n`,
    ])
  })

  const levels: [string, number][] = [
    ['TRACE', 4],
    ['DEBUG', 4],
    ['INFO', 3],
    ['warn', 2],
    ['ERROR', 1],
    ['FATAL', 0],
    ['verbose', 4],
  ]
  for (const [level, count] of levels) {
    it(`writes ${count} of the four levels where Lambda is set to ${level}`, () => {
      expect(lines(all, { AWS_LAMBDA_LOG_LEVEL: level })).to.have.length(count)
    })
  }

  it('writes all levels, as JSON, unless told otherwise', () => {
    expect(parsed(lines(all))).to.deep.equal(
      ['DEBUG', 'INFO', 'WARN', 'ERROR'].map((level) => ({
        timestamp,
        level,
        message: level.charAt(0).toLowerCase(),
      })),
    )
  })

  it('shows an error among the fields', () => {
    const [line] = parsed(lines((log) => void log.error('failed', { error: new RangeError('5') })))

    expect(line).to.include({ message: 'failed', errorType: 'RangeError', errorMessage: '5' })
    expect(line).to.have.nested.property('stackTrace[0]', 'RangeError: 5')
  })

  it('keeps its own members, whatever the fields are called', () => {
    const fields = { level: 'none', message: 'other', timestamp: 'never', kept: 1 }

    expect(parsed(lines((log) => void log.info('mine', fields)))).to.deep.equal([
      { timestamp, level: 'INFO', message: 'mine', kept: 1 },
    ])
  })

  it('writes the message though JSON cannot say the fields', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    const written = lines((log) => {
      log.info('big', { count: 10n })
      log.info('round', cyclic)
    })

    expect(parsed(written)).to.deep.equal([
      { timestamp, level: 'INFO', message: 'big', count: '10' },
      { timestamp, level: 'INFO', message: 'round', fields: 'not serializable' },
    ])
  })
})
