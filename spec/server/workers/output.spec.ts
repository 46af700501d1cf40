import { expect } from 'chai'
import { Output, type OutputLimits } from '../../../lib/server/workers/output.ts'
import type { LogLine } from '../../../lib/server/ports.ts'

function outputOf(limits: Partial<OutputLimits> = {}) {
  const lines: LogLine[] = []
  const sink = { write: (line: LogLine) => void lines.push(line) }
  const most = { lineCharacters: 100, invocationCharacters: 1000, ...limits }
  const output = new Output('orders', () => 7, sink, most)
  const texts = () => lines.map(({ text }) => text)
  return { output, lines, texts }
}

const bytes = (text: string) => Buffer.from(text)

describe('the output of a process', () => {
  it('is cut into lines, each with its stream and whose it is', () => {
    const { output, lines } = outputOf()
    output.begin({ requestId: 'r1', executionArn: 'arn' })
    output.feed('stdout', bytes('one\ntwo\r\n'))
    output.feed('stderr', bytes('three\n'))
    const common = { at: 7, functionName: 'orders', requestId: 'r1', executionArn: 'arn' }
    expect(lines).to.deep.equal([
      { ...common, stream: 'stdout', text: 'one' },
      { ...common, stream: 'stdout', text: 'two' },
      { ...common, stream: 'stderr', text: 'three' },
    ])
  })

  it('joins a line that comes in pieces, also within a character, and apart from the other stream', () => {
    const { output, texts } = outputOf()
    const [tea, cup] = [bytes('té'), bytes('cup\n')]
    output.feed('stdout', tea.subarray(0, 2))
    output.feed('stderr', cup)
    output.feed('stdout', Buffer.concat([tea.subarray(2), bytes('!\n')]))
    expect(texts()).to.deep.equal(['cup', 'té!'])
  })

  it('marks what is no UTF-8', () => {
    const { output, texts } = outputOf()
    output.feed('stdout', Buffer.from([0x61, 0xff, 0x62, 0x0a]))
    expect(texts()).to.deep.equal(['a\ufffdb'])
  })

  it('files a line without an end under the invocation in which it began', () => {
    const { output, lines } = outputOf()
    output.begin({ requestId: 'r1' })
    output.feed('stdout', bytes('half'))
    output.begin({ requestId: 'r2' })
    output.feed('stdout', bytes(' and half\n'))
    expect(lines.map(({ requestId, text }) => [requestId, text])).to.deep.equal([
      ['r1', 'half'],
      ['r2', ' and half'],
    ])
  })

  it('keeps the start of a line that is too long, and says how much more there was', () => {
    const { output, texts } = outputOf({ lineCharacters: 5 })
    for (const part of ['abc', 'defg', 'hi\n', 'next\n']) output.feed('stdout', bytes(part))
    expect(texts()).to.deep.equal(['abcde… (4 more characters of this line were cut)', 'next'])
  })

  it('keeps the start of what one invocation writes, and says what was cut, once', () => {
    const { output, texts } = outputOf({ invocationCharacters: 8 })
    output.begin({ requestId: 'r1' })
    for (let count = 0; count < 5; count += 1) output.feed('stdout', bytes('four\n'))
    output.feed('stderr', bytes('x'.repeat(50)))
    output.begin({ requestId: 'r2' })
    output.feed('stdout', bytes('free\n'))
    output.flush()
    expect(texts()).to.deep.equal([
      'four',
      'four',
      'The output of this invocation was cut after 8 characters: 65 bytes were dropped.',
      'free',
    ])
  })
})
