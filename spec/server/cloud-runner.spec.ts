import { join } from 'node:path'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { expect } from 'chai'
import { cloudRunner, type CloudRunner } from 'perdure/testing'
import { systemClock, type Clock } from '../../lib/kernel/clock.ts'
import { startLocal, type Local } from '../../lib/local.ts'

const samples = join(import.meta.dirname, '../../samples')

/** Fifty times as impatient as the system's. */
const hasty: Clock = {
  now: () => systemClock.now(),
  startTimer: (milliseconds, fire) => systemClock.startTimer(milliseconds / 50, fire),
}

describe('the cloud runner on the local service, over HTTP', function () {
  this.timeout(60_000)
  let local: Local
  const runnerOf = (functionName: string): CloudRunner => {
    const { AWS_REGION: region = '' } = local.environment
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const client = new LambdaClient({ endpoint: local.url, region, credentials })
    return cloudRunner({ client, functionName, clock: hasty })
  }

  before(async () => {
    local = await startLocal({
      functions: {
        hello: join(samples, 'hello.ts'),
        approval: join(samples, 'approval.ts'),
        deadline: join(samples, 'deadline.ts'),
      },
      clock: { kind: 'hand' },
    })
  })
  after(() => local.close())

  it('runs a function to its end', async () => {
    const execution = runnerOf('hello').start({ name: 'Ada' })
    await execution.operation('tea').waitFor('started')
    local.time.moveToNext()
    const result = await execution.result

    expect(result.value).to.have.property('greeting', 'Hello, Ada!')
    expect(result.invocations).to.have.length(2)
    expect(execution.operation('greet').result).to.equal('Hello, Ada!')
  })

  it('answers callbacks, and lets them time out', async () => {
    const execution = runnerOf('approval').start(
      { id: 'exp-7', amount: 180 },
      { callbacks: { director: { succeed: { approved: true, by: 'Robin' } } } },
    )
    await execution.callback('manager').waitFor('submitted')
    local.time.moveToNext()
    const result = await execution.result

    expect(result.value).to.deep.equal({ id: 'exp-7', outcome: 'paid', by: 'Robin' })
  })

  it('drives callbacks live, and stops executions', async () => {
    const execution = runnerOf('deadline').start({ id: 'p-1', neighbours: ['Kim', 'Lou'] })
    await execution.callback('Kim').succeed({ takes: false })
    await execution.callback('Lou').waitFor('submitted')
    await execution.stop(new Error('the parcel is lost'))
    const result = await execution.result

    expect(result.status).to.equal('STOPPED')
    expect(result.errorRecord).to.deep.include({ ErrorMessage: 'the parcel is lost' })
  })
})
