import fc from 'fast-check'

import type { RawRequest } from './raw-request.ts'

/** Requests that must be refused, each with the statuses that are right for it. */
export interface Malformed extends RawRequest {
  readonly statuses: readonly number[]
}

/** What there is to be abused: an execution whose invocation is under way. */
export interface Target {
  readonly arn: string
  readonly token: string
  readonly callbackId: string
}

type Body = Record<string, unknown>

const notText = fc.constantFrom<unknown>(0, 1.5, true, [], {}, ['a'], { toString: 5 })
const notStructure = fc.constantFrom<unknown>(1, 'x', true, [], [{}], '')
const notWhole = fc.constantFrom<unknown>('5', 1.5, -1, 1e300, true, [], {})
const notId = fc.oneof(
  notText,
  fc.constantFrom('', 'a b', 'ä', '../x', 'x'.repeat(65), 'a\u0000', '1.2'),
)

const step = { Id: 'abuse', Type: 'STEP', SubType: 'Step', Action: 'START' }
const wait = { Id: 'abuse', Type: 'WAIT', Action: 'START', WaitOptions: { WaitSeconds: 5 } }

/** Updates with one member that does not fit, under the name that the refusal must use. */
const badUpdate: fc.Arbitrary<unknown> = fc.oneof(
  notStructure.filter((value) => value !== ''),
  fc.constant(null),
  fc.constantFrom('Id', 'Type', 'Action').map((member) => ({ ...step, [member]: null })),
  notId.map((Id) => ({ ...step, Id })),
  notId.map((ParentId) => ({ ...step, ParentId })),
  fc.oneof(notText, fc.constantFrom('', 'ü', 'x'.repeat(257))).map((Name) => ({ ...step, Name })),
  fc.oneof(notId, fc.constant('x'.repeat(33))).map((SubType) => ({ ...step, SubType })),
  fc.oneof(notText, fc.string()).map((Type) => ({ ...step, Type })),
  fc.oneof(notText, fc.string()).map((Action) => ({ ...step, Action })),
  notText.map((Payload) => ({ ...step, Action: 'SUCCEED', Payload })),
  fc.constantFrom<unknown>(1, 'x', []).map((Error) => ({ ...step, Action: 'FAIL', Error })),
  fc
    .record({
      member: fc.constantFrom('ErrorType', 'ErrorMessage', 'ErrorData', 'StackTrace'),
      value: fc.constantFrom<unknown>(1, true, {}, [1], [{}]),
    })
    .map(({ member, value }) => ({ ...step, Action: 'FAIL', Error: { [member]: value } })),
  notStructure.map((ContextOptions) => ({ ...step, ContextOptions })),
  notStructure.map((WaitOptions) => ({ ...wait, WaitOptions })),
  fc
    .oneof(notWhole, fc.constant(0))
    .map((WaitSeconds) => ({ ...wait, WaitOptions: { WaitSeconds } })),
  notWhole.map((NextAttemptDelaySeconds) => ({
    ...step,
    Action: 'RETRY',
    StepOptions: { NextAttemptDelaySeconds },
  })),
  fc
    .record({
      member: fc.constantFrom('TimeoutSeconds', 'HeartbeatTimeoutSeconds'),
      value: notWhole,
    })
    .map(({ member, value }) => ({
      Id: 'abuse',
      Type: 'CALLBACK',
      Action: 'START',
      CallbackOptions: { [member]: value },
    })),
  fc
    .constantFrom<unknown>(null, 5, {}, { FunctionName: 5 }, { FunctionName: '' }, [])
    .map((ChainedInvokeOptions) => ({
      Id: 'abuse',
      Type: 'CHAINED_INVOKE',
      Action: 'START',
      ChainedInvokeOptions,
    })),
  fc.constant(JSON.parse('{"__proto__": {"Id": "abuse", "Type": "STEP", "Action": "START"}}')),
)

const notJson: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from([0xff, ...bytes])),
  fc.json({ maxDepth: 2 }).map((text) => Buffer.from(`${text},`)),
  fc
    .constantFrom('{', '[', '{"a":}', '\ufeff{}', 'NaN', "{'a': 1}", '\u0000')
    .map((text) => Buffer.from(text)),
  fc.integer({ min: 1, max: 50_000 }).map((depth) => Buffer.from('['.repeat(depth))),
)

const aQuery = fc.constantFrom(
  'MaxItems=-1',
  'MaxItems=1001',
  'MaxItems=ten',
  'MaxItems=1e2',
  'MaxItems=',
  'MaxItems=1&MaxItems=1',
  'Marker=nowhere',
  'Marker=%ff',
  'Marker=',
)

const word = fc.stringMatching(/^[a-zA-Z0-9_-]{1,30}$/)

export function malformed({ arn, token, callbackId }: Target): fc.Arbitrary<Malformed> {
  const execution = `/2025-12-01/durable-executions/${encodeURIComponent(arn)}`
  const callback = `/2025-12-01/durable-execution-callbacks/${encodeURIComponent(callbackId)}`
  const functions = '/2015-03-31/functions'
  const executions = '/2025-12-01/functions/orders/durable-executions'

  const get = (path: string, ...statuses: number[]): Malformed => ({
    method: 'GET',
    path,
    statuses: statuses.length === 0 ? [400] : statuses,
  })
  const post = (path: string, body?: unknown, ...statuses: number[]): Malformed => ({
    method: 'POST',
    path,
    body: body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    statuses: statuses.length === 0 ? [400] : statuses,
  })
  const checkpoint = (body: unknown) => post(`${execution}/checkpoint`, body)
  const valid: Body = { CheckpointToken: token, Updates: [step] }

  const strangeArn = fc.oneof(
    fc.string({ minLength: 1 }).filter((text) => text !== arn),
    word,
    word.map((name) => arn.replace('/durable-execution/', `/${name}/`)),
    word.map((id) => arn.replace(/[^/]+$/, id)),
    fc.constantFrom('..', '%', '\u0000', '__proto__', 'constructor', 'x'.repeat(3000)),
  )
  const onStrangeArn = fc
    .record({
      strange: strangeArn,
      call: fc.constantFrom('checkpoint', 'state', 'history', 'stop', ''),
    })
    .map(({ strange, call }) => {
      const path = `/2025-12-01/durable-executions/${encodeURIComponent(strange)}`
      if (call === 'checkpoint') return post(`${path}/checkpoint`, valid)
      if (call === 'stop') return post(`${path}/stop`, {}, 400, 404)
      if (call === 'state') {
        return get(`${path}/state?CheckpointToken=${encodeURIComponent(token)}`)
      }
      return get(call === '' ? path : `${path}/${call}`, 400, 404)
    })
    // A client, and the server's own URL parser, resolve these.
    .filter(({ path }) => !/\/\.\.?(\/|$)/.test(path))

  return fc.oneof(
    { weight: 8, arbitrary: badUpdate.map((bad) => checkpoint({ ...valid, Updates: [bad] })) },
    {
      weight: 2,
      arbitrary: badUpdate.map((bad) => checkpoint({ ...valid, Updates: [wait, bad] })),
    },
    { weight: 4, arbitrary: notJson.map((bytes) => checkpoint(bytes)) },
    {
      weight: 2,
      arbitrary: fc.json({ maxDepth: 3 }).map((text) => checkpoint(Buffer.from(text))),
    },
    {
      weight: 3,
      arbitrary: fc
        .oneof(notText, fc.base64String(), fc.string(), fc.constant('A'.repeat(2049)))
        .map((CheckpointToken) => checkpoint({ ...valid, CheckpointToken })),
    },
    {
      weight: 1,
      arbitrary: fc
        .oneof(notText, fc.constantFrom('', ' ', 'ä', 'x'.repeat(65)))
        .map((ClientToken) => checkpoint({ ...valid, ClientToken })),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom<unknown>({}, 'x', 5, true)
        .map((Updates) => checkpoint({ ...valid, Updates })),
    },
    { weight: 5, arbitrary: onStrangeArn },
    {
      weight: 2,
      arbitrary: aQuery.map((query) =>
        get(`${execution}/state?CheckpointToken=${encodeURIComponent(token)}&${query}`),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          aQuery,
          fc.constantFrom(
            'ReverseOrder=yes',
            'IncludeExecutionData=1',
            'ReverseOrder=true&ReverseOrder=true',
            'IncludeExecutionData=%E0%A4%A',
          ),
        )
        .map((query) => get(`${execution}/history?${query}`)),
    },
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          aQuery,
          fc.constantFrom(
            'Statuses=DONE',
            'Statuses=RUNNING&Statuses=',
            'StartedAfter=yesterday',
            'StartedBefore=2026-13-45T00:00:00Z',
            'StartedAfter=1767225600',
            'DurableExecutionName=a%20b',
            'Qualifier=%21',
          ),
        )
        .map((query) => get(`${executions}?${query}`)),
    },
    {
      weight: 2,
      arbitrary: notJson.map((bytes) => post(`${functions}/orders/invocations`, bytes)),
    },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom(
          ['x-amz-invocation-type', 'Later'],
          ['x-amz-invocation-type', 'event'],
          ['x-amz-durable-execution-name', 'a b'],
          ['x-amz-durable-execution-name', 'x'.repeat(65)],
          ['x-amz-tenant-id', 'a,b'],
          ['x-amz-tenant-id', 'x'.repeat(257)],
          ['x-amz-log-type', 'All'],
        )
        .map(([name = '', value = '']) => ({
          ...post(`${functions}/orders/invocations`, {}),
          headers: { [name]: value },
        })),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({
          name: fc.oneof(
            fc.string({ minLength: 1 }),
            word.map((name) => `no-${name}`),
          ),
          rest: fc.constantFrom('', '/configuration', '/invocations'),
        })
        .map(({ name, rest }) => {
          const path = `${functions}/${encodeURIComponent(name)}${rest}`
          return rest === '/invocations' ? post(path, {}, 400, 404) : get(path, 400, 404)
        })
        .filter(({ path }) => !/\/\.\.?(\/|$)/.test(path)),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('MaxItems=0', 'MaxItems=10001', 'FunctionVersion=some', 'Marker=x')
        .map((query) => get(`${functions}?${query}`)),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({
          id: fc.oneof(fc.base64String({ minLength: 1 }), fc.string({ minLength: 1 })),
          call: fc.constantFrom('succeed', 'fail', 'heartbeat'),
        })
        .map(({ id, call }) => {
          const path = `/2025-12-01/durable-execution-callbacks/${encodeURIComponent(id)}/${call}`
          return post(path, {}, 400, 404)
        })
        .filter(({ path }) => !/\/\.\.?(\/|$)/.test(path)),
    },
    {
      weight: 3,
      arbitrary: fc
        .oneof(notJson, fc.constantFrom([], 1, 'x', { ErrorType: 5 }, { StackTrace: 'x' }))
        .map((body) => post(`${callback}/fail`, body)),
    },
    {
      weight: 1,
      arbitrary: fc.constant(post(`${callback}/succeed`, Buffer.from([0xc3, 0x28]))),
    },
    {
      weight: 2,
      arbitrary: fc
        .oneof(notJson, fc.constantFrom([], 1, { ErrorMessage: [] }))
        .map((body) => post(`${execution}/stop`, body)),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({
          method: fc.constantFrom('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'),
          path: fc.constantFrom(`${execution}/checkpoint`, `${execution}/history`, functions),
        })
        .map((request) => ({ ...request, statuses: [405] })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        get(`${execution}/checkpoint`, 405),
        post(`${execution}/history`, {}, 405),
        post(execution, {}, 405),
      ),
    },
    {
      weight: 3,
      arbitrary: fc
        .oneof(
          fc.webPath().filter((path) => !path.startsWith(functions)),
          fc.constantFrom(
            '',
            '//',
            '/2025-12-01/durable-executions//checkpoint',
            '/2025-12-01/durable-executions/',
            `${execution}/checkpoint/`,
            `${execution}/checkpoint/more`,
            `${functions}//invocations`,
            '/%',
            '/%2e%2e/etc/passwd',
            `/${'x'.repeat(8000)}`,
          ),
        )
        .map((path) => get(path || '/', 404)),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          ['host', 'evil.example'],
          ['host', 'localhost.evil.example'],
          ['host', '127.0.0.1.nip.io:80'],
          ['origin', 'https://evil.example'],
          ['origin', 'null'],
          ['sec-fetch-site', 'cross-site'],
        )
        .map(([name = '', value = '']) => ({
          ...checkpoint(valid),
          headers: { [name]: value },
          statuses: [403],
        })),
    },
  )
}
