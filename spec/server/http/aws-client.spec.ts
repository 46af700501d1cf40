import {
  CallbackTimeoutException,
  CheckpointDurableExecutionCommand,
  type CheckpointDurableExecutionCommandInput,
  DurableExecutionAlreadyStartedException,
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  GetDurableExecutionStateCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvalidParameterValueException,
  InvalidRequestContentException,
  InvokeCommand,
  type InvokeCommandInput,
  type LambdaServiceException,
  ListDurableExecutionsByFunctionCommand,
  ListFunctionsCommand,
  RequestTooLargeException,
  ResourceNotFoundException,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
  ServiceException,
  StopDurableExecutionCommand,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda'
import { expect } from 'chai'

import { tooManyRequests } from '../../../lib/server/http/api-error.ts'
import { ByHand, start, type HandledInvocation } from '../../service/by-hand.ts'
import { startCallback, startStep, startWait } from '../../service/updates.ts'
import { orders, serve, type Served } from './served.ts'

const startedAt = new Date(start)
const arnOfOrders = 'arn:aws:lambda:us-east-1:123456789012:function:orders'

describe('the AWS client', () => {
  let served: Served
  beforeEach(async () => {
    served = await serve({ logTail: (id) => `START ${id}\n` })
  })
  afterEach(() => served.close())

  const invoke = (over: Partial<InvokeCommandInput> = {}) =>
    served.client.send(new InvokeCommand({ FunctionName: 'orders', Qualifier: '$LATEST', ...over }))

  /** Starts an execution; its first invocation is under way. */
  async function begin(over: Partial<InvokeCommandInput> = {}): Promise<HandledInvocation> {
    await invoke({ InvocationType: 'Event', ...over })
    return served.byHand.latest()
  }

  describe('invoking', () => {
    it('waits for the result of an execution', async () => {
      const answered = invoke({
        Payload: '{"item":7}',
        DurableExecutionName: 'order-7',
        TenantId: 'acme',
        LogType: 'Tail',
      })
      const invocation = await invoked()
      await invocation.succeed('"shipped"')
      const { Payload, LogResult = '', $metadata, ...answer } = await answered

      expect(invocation.envelope.InitialExecutionState.Operations[0]).to.deep.include({
        ExecutionDetails: { InputPayload: '{"item":7}' },
      })
      expect(invocation.request.tenantId).to.equal('acme')
      expect(answer).to.deep.equal({
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        DurableExecutionArn: invocation.arn,
      })
      expect(Payload?.transformToString()).to.equal('"shipped"')
      const { requestId } = invocation.request
      expect(Buffer.from(LogResult, 'base64').toString()).to.equal(`START ${requestId}\n`)
      expect($metadata.requestId).to.equal(requestId)
    })

    it('hears how an execution failed', async () => {
      const answered = invoke()
      const Error = { ErrorType: 'Broken', ErrorMessage: 'it broke' }
      await (await invoked()).answer({ Status: 'FAILED', Error })
      const { FunctionError, Payload } = await answered

      expect(FunctionError).to.equal('Unhandled')
      expect(JSON.parse(Payload?.transformToString() ?? '')).to.deep.equal({
        errorType: 'Broken',
        errorMessage: 'it broke',
      })
    })

    it('does not wait for an event', async () => {
      const { $metadata, Payload, ...answer } = await invoke({ InvocationType: 'Event' })

      expect(Payload?.length ?? 0).to.equal(0)
      expect(answer).to.deep.equal({
        StatusCode: 202,
        ExecutedVersion: '$LATEST',
        DurableExecutionArn: (await served.byHand.latest()).arn,
      })
    })

    it('starts nothing by a dry run', async () => {
      expect(await invoke({ InvocationType: 'DryRun' })).to.include({ StatusCode: 204 })
      expect(served.byHand.invocations).to.deep.equal([])
    })

    it('gets the answer of a plain function', async () => {
      const caller = JSON.stringify({ custom: { cart: 'ä' } })
      const ClientContext = Buffer.from(caller).toString('base64')
      const answered = invoke({ FunctionName: 'plain', Payload: '[1]', ClientContext })
      const invocation = await invoked()
      await invocation.answer({ event: invocation.request.event })
      const { Payload, DurableExecutionArn } = await answered

      expect(invocation.request.clientContext).to.equal(caller)
      expect(Payload?.transformToString()).to.equal('{"event":[1]}')
      expect(DurableExecutionArn).to.equal(undefined)
    })

    it('is told after 15 minutes that the execution takes longer', async () => {
      const answered = invoke()
      const invocation = await invoked()
      await invocation.update(startWait('1', 3600))
      await invocation.pending()
      await served.byHand.pass(900)
      const { FunctionError, DurableExecutionArn = '', Payload } = await answered

      expect(FunctionError).to.equal('Unhandled')
      expect(Payload?.transformToString()).to.contain('"errorType":"Sandbox.Timedout"')
      expect(DurableExecutionArn).to.equal(invocation.arn)
      expect(await served.byHand.status(DurableExecutionArn)).to.equal('RUNNING')
    })

    async function invoked(): Promise<HandledInvocation> {
      while (served.byHand.invocations.length === 0) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      return served.byHand.latest()
    }
  })

  it('checkpoints', async () => {
    const { arn, token } = await begin()
    const Updates = [startStep('1', { Name: 'charge' }), startWait('2', 5)]
    const answer = await served.client.send(
      new CheckpointDurableExecutionCommand({
        DurableExecutionArn: arn,
        CheckpointToken: token,
        Updates: Updates as CheckpointDurableExecutionCommandInput['Updates'],
      }),
    )

    expect(answer.CheckpointToken).to.be.a('string').and.not.equal(token)
    expect(answer.NewExecutionState?.Operations).to.deep.equal([
      {
        Id: '1',
        Name: 'charge',
        Type: 'STEP',
        SubType: 'Step',
        StartTimestamp: startedAt,
        Status: 'STARTED',
        StepDetails: { Attempt: 0 },
      },
      {
        Id: '2',
        Type: 'WAIT',
        SubType: 'Wait',
        StartTimestamp: startedAt,
        Status: 'STARTED',
        WaitDetails: { ScheduledEndTimestamp: new Date(start + 5000) },
      },
    ])
  })

  it('pages through the state', async () => {
    const invocation = await begin()
    await invocation.update(startStep('1'), startStep('2'))
    const page = (Marker?: string) =>
      served.client.send(
        new GetDurableExecutionStateCommand({
          DurableExecutionArn: invocation.arn,
          CheckpointToken: invocation.token,
          MaxItems: 2,
          Marker,
        }),
      )
    const first = await page()
    const second = await page(first.NextMarker)

    expect(first.Operations?.map(({ Type }) => Type)).to.deep.equal(['EXECUTION', 'STEP'])
    expect(first.Operations?.[0]?.StartTimestamp).to.deep.equal(startedAt)
    expect(second.Operations?.map(({ Id }) => Id)).to.deep.equal(['2'])
    expect(second.NextMarker).to.equal(undefined)
  })

  it('reads an execution', async () => {
    const { arn } = await begin({ DurableExecutionName: 'order-7', Payload: '7' })
    const read = async (IncludeExecutionData?: boolean) => {
      const { $metadata, ...found } = await served.client.send(
        new GetDurableExecutionCommand({ DurableExecutionArn: arn, IncludeExecutionData }),
      )
      return found
    }
    const bare = {
      DurableExecutionArn: arn,
      DurableExecutionName: 'order-7',
      FunctionArn: `${arnOfOrders}:$LATEST`,
      Status: 'RUNNING',
      StartTimestamp: startedAt,
      Version: '$LATEST',
      DurableConfig: { ExecutionTimeout: 3600, RetentionPeriodInDays: 7 },
    }

    expect(await read()).to.deep.equal({ ...bare, InputPayload: '7', ExecutionDataIncluded: true })
    expect(await read(false)).to.deep.equal({ ...bare, ExecutionDataIncluded: false })
  })

  it('reads the history, from either end, with data and without', async () => {
    const invocation = await begin({ Payload: '7' })
    await invocation.update(startWait('1', 5))
    await invocation.pending()
    const read = async (over: object) => {
      const answer = await served.client.send(
        new GetDurableExecutionHistoryCommand({ DurableExecutionArn: invocation.arn, ...over }),
      )
      return answer.Events ?? []
    }

    const [first, second] = await read({})
    expect(first).to.deep.include({
      EventId: 1,
      EventType: 'ExecutionStarted',
      EventTimestamp: startedAt,
      ExecutionStartedDetails: {
        Input: { Payload: '7', Truncated: false },
        ExecutionTimeout: 3600,
      },
    })
    expect(second?.WaitStartedDetails).to.deep.equal({
      Duration: 5,
      ScheduledEndTimestamp: new Date(start + 5000),
    })
    const reversed = await read({ ReverseOrder: true, IncludeExecutionData: false })
    expect(reversed.map(({ EventId }) => EventId)).to.deep.equal([3, 2, 1])
    expect(reversed[2]?.ExecutionStartedDetails?.Input).to.deep.equal({ Truncated: true })
  })

  it('lists executions by every filter', async () => {
    const first = await begin({ DurableExecutionName: 'one' })
    await first.succeed('1')
    await served.byHand.pass(10)
    await begin({ DurableExecutionName: 'two' })
    const list = async (over: object) => {
      const { DurableExecutions = [] } = await served.client.send(
        new ListDurableExecutionsByFunctionCommand({ FunctionName: 'orders', ...over }),
      )
      return DurableExecutions.map(({ DurableExecutionName }) => DurableExecutionName)
    }

    expect(await list({})).to.deep.equal(['two', 'one'])
    expect(await list({ ReverseOrder: true })).to.deep.equal(['one', 'two'])
    expect(await list({ Statuses: ['RUNNING', 'FAILED'] })).to.deep.equal(['two'])
    expect(await list({ DurableExecutionName: 'one' })).to.deep.equal(['one'])
    expect(await list({ StartedAfter: startedAt })).to.deep.equal(['two'])
    expect(await list({ StartedBefore: new Date(start + 1) })).to.deep.equal(['one'])
    expect(await list({ Qualifier: '$LATEST', MaxItems: 1 })).to.deep.equal(['two'])
  })

  describe('answering a callback', () => {
    let CallbackId: string
    let invocation: HandledInvocation
    beforeEach(async () => {
      invocation = await begin()
      const { NewExecutionState } = await invocation.checkpoint(startCallback('1'))
      const [record] = NewExecutionState.Operations
      CallbackId = (record?.Type === 'CALLBACK' && record.CallbackDetails?.CallbackId) || ''
    })
    const details = async () => {
      const { Operations } = await served.byHand.service.getDurableExecutionState({
        DurableExecutionArn: invocation.arn,
        CheckpointToken: invocation.token,
      })
      const record = Operations[1]
      return [record?.Status, record?.Type === 'CALLBACK' && record.CallbackDetails]
    }

    it('sends a success as it is', async () => {
      const Result = Buffer.from('{"a": "grüß"}')
      await served.client.send(
        new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result }),
      )

      expect(await details()).to.deep.equal(['SUCCEEDED', { CallbackId, Result: '{"a": "grüß"}' }])
    })

    it('sends a success of nothing', async () => {
      await served.client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId }))

      expect(await details()).to.deep.equal(['SUCCEEDED', { CallbackId }])
    })

    it('sends a failure', async () => {
      const Error = { ErrorType: 'Refused', ErrorMessage: 'no', ErrorData: '1', StackTrace: ['a'] }
      await served.client.send(
        new SendDurableExecutionCallbackFailureCommand({ CallbackId, Error }),
      )

      expect(await details()).to.deep.equal(['FAILED', { CallbackId, Error }])
    })

    it('sends a heartbeat', async () => {
      await served.client.send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId }))

      expect((await details())[0]).to.equal('STARTED')
    })

    it('is told when it comes too late', async () => {
      await served.client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId }))
      const late = new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId })

      expect(await refused(served.client.send(late))).to.be.instanceOf(CallbackTimeoutException)
    })
  })

  it('stops an execution', async () => {
    const { arn } = await begin()
    const { StopTimestamp } = await served.client.send(
      new StopDurableExecutionCommand({
        DurableExecutionArn: arn,
        Error: { ErrorType: 'Changed', ErrorMessage: 'my mind' },
      }),
    )
    const { Status, Error } = await served.client.send(
      new GetDurableExecutionCommand({ DurableExecutionArn: arn }),
    )

    expect(StopTimestamp).to.deep.equal(startedAt)
    expect(Status).to.equal('STOPPED')
    expect(Error).to.deep.equal({ ErrorType: 'Changed', ErrorMessage: 'my mind' })
  })

  describe('asking what functions there are', () => {
    it('is shown one', async () => {
      const send = new GetFunctionCommand({ FunctionName: 'orders' })
      const { Configuration, Code } = await served.client.send(send)
      const { Runtime, Architectures, ...rest } = Configuration ?? {}

      expect(Code?.Location).to.equal('file:///srv/handlers/orders.ts')
      expect(Runtime).to.match(/^nodejs\d\d\.x$/)
      expect(Architectures).to.have.length(1)
      expect(rest).to.deep.equal({
        FunctionName: 'orders',
        FunctionArn: arnOfOrders,
        Role: 'arn:aws:iam::123456789012:role/local',
        Handler: 'orders.handler',
        CodeSize: 0,
        Description: '',
        Timeout: 60,
        MemorySize: 256,
        Version: '$LATEST',
        Environment: { Variables: { STAGE: 'local' } },
        TracingConfig: { Mode: 'PassThrough' },
        State: 'Active',
        LastUpdateStatus: 'Successful',
        PackageType: 'Zip',
        LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/orders' },
        DurableConfig: { ExecutionTimeout: 3600, RetentionPeriodInDays: 7 },
      })
    })

    it('is shown a version by its own ARN', async () => {
      for (const asked of [
        { FunctionName: 'plain', Qualifier: '$LATEST' },
        { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:plain:$LATEST' },
      ]) {
        const send = new GetFunctionConfigurationCommand(asked)
        const { FunctionArn, DurableConfig } = await served.client.send(send)

        expect(FunctionArn).to.match(/:function:plain:\$LATEST$/)
        expect(DurableConfig).to.equal(undefined)
      }
    })

    it('is shown all, page by page', async () => {
      const list = (Marker?: string) =>
        served.client.send(new ListFunctionsCommand({ MaxItems: 1, Marker }))
      const first = await list()
      const second = await list(first.NextMarker)

      expect(first.Functions?.map(({ FunctionName }) => FunctionName)).to.deep.equal(['orders'])
      expect(second.Functions?.map(({ FunctionName }) => FunctionName)).to.deep.equal(['plain'])
      expect(second.NextMarker).to.equal(undefined)
    })
  })

  describe('being refused', () => {
    const nowhere = `${arnOfOrders}:$LATEST/durable-execution/none/none`

    it('gets the errors of the API as themselves', async () => {
      await begin({ DurableExecutionName: 'taken', Payload: '1' })
      const cases: [() => Promise<unknown>, new (...args: never[]) => Error, RegExp][] = [
        [
          () =>
            served.client.send(new GetDurableExecutionCommand({ DurableExecutionArn: nowhere })),
          ResourceNotFoundException,
          /^Durable execution not found: /,
        ],
        [
          () =>
            served.client.send(
              new CheckpointDurableExecutionCommand({
                DurableExecutionArn: nowhere,
                CheckpointToken: 'a',
              }),
            ),
          InvalidParameterValueException,
          /^Invalid Durable Execution ARN$/,
        ],
        [
          () => invoke({ Payload: '{' }),
          InvalidRequestContentException,
          /^Could not parse request body/,
        ],
        [
          () => invoke({ Payload: '2', DurableExecutionName: 'taken', InvocationType: 'Event' }),
          DurableExecutionAlreadyStartedException,
          /named taken was already started/,
        ],
        [
          () => invoke({ Payload: JSON.stringify('x'.repeat(1_048_577)), InvocationType: 'Event' }),
          RequestTooLargeException,
          /^Request must be smaller than 1048576 bytes/,
        ],
        [
          () => invoke({ FunctionName: 'nobody' }),
          ResourceNotFoundException,
          /^Function not found: arn:/,
        ],
      ]
      for (const [send, type, message] of cases) {
        const error = await refused(send())
        expect(error).to.be.instanceOf(type)
        expect(error.message).to.match(message)
        expect(error.$metadata.requestId).to.match(/^[\da-f-]{36}$/)
      }
    })

    it('hears what broke in the service', async () => {
      const broken = await serve({
        functions: () => [orders],
        durability: { committed: () => Promise.reject(new Error('the disk is full')) },
      })
      const send = new InvokeCommand({ FunctionName: 'orders', InvocationType: 'Event' })
      const error = await refused(broken.client.send(send))
      await broken.close()

      expect(error).to.be.instanceOf(ServiceException)
      expect(error.message).to.equal('the disk is full')
    })

    it('hears when to come again', async () => {
      const byHand = new ByHand()
      byHand.service.getDurableExecution = () => Promise.reject(tooManyRequests('slow down', 7))
      const throttled = await serve({}, byHand)
      const send = new GetDurableExecutionCommand({ DurableExecutionArn: nowhere })
      const error = await refused(throttled.client.send(send))
      await throttled.close()

      expect(error).to.be.instanceOf(TooManyRequestsException)
      expect(error).to.include({ message: 'slow down', retryAfterSeconds: '7' })
    })
  })
})

async function refused(sent: Promise<unknown>): Promise<LambdaServiceException> {
  try {
    await sent
  } catch (error) {
    return error as LambdaServiceException
  }
  throw new Error('Expected a refusal, got an answer.')
}
