import { basename, extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { invalid } from '../../service/refusal.ts'
import type { RegisteredFunction } from '../../service/functions.ts'
import type { HostedFunction } from '../ports.ts'
import { jsonAnswer } from './answer.ts'
import type { HttpContext } from './http-env.ts'
import type { LambdaApiOptions } from './options.ts'
import type { Route } from './route.ts'
import { readQuery } from './query.ts'
import { fitted } from './shape.ts'
import { functionQuery, functionsQuery } from './shapes.ts'

const defaultMemoryMegabytes = 128
const mostListed = 50

type Catalogue = Pick<LambdaApiOptions, 'service' | 'functions'>

/** The calls that tell what functions there are. */
export function functionRoutes({ service, functions }: Catalogue): Route[] {
  return [
    {
      method: 'GET',
      path: '/2015-03-31/functions',
      async call(c) {
        const kinds = { FunctionVersion: 'text', Marker: 'text', MaxItems: 'whole' } as const
        const query = fitted(readQuery(c.env.incoming.url ?? '', kinds), functionsQuery)
        const isWanted = query.FunctionVersion === 'ALL' ? () => true : isNewest
        const all = [...functions()].filter(isWanted).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        const after = query.Marker === undefined ? '' : keyIn(query.Marker)
        const found = all.filter((one) => keyOf(one) > after)
        const page = found.slice(0, Math.min(query.MaxItems ?? mostListed, mostListed))
        const last = page.at(-1)
        return jsonAnswer({
          Functions: page.map((one) => configuration(registered(one), one)),
          ...(last && page.length < found.length ? { NextMarker: markerOf(keyOf(last)) } : {}),
        })
      },
    },
    {
      method: 'GET',
      path: '/2015-03-31/functions/:name',
      async call(c) {
        const { registered, hosted, arn } = find(c)
        return jsonAnswer({
          Configuration: configuration(registered, hosted, arn),
          Code: codeOf(hosted),
        })
      },
    },
    {
      method: 'GET',
      path: '/2015-03-31/functions/:name/configuration',
      async call(c) {
        const { registered, hosted, arn } = find(c)
        return jsonAnswer(configuration(registered, hosted, arn))
      },
    },
  ]

  function isNewest({ name, version = '$LATEST' }: HostedFunction): boolean {
    return service.getFunction(name).version === version
  }

  function registered({ name, version = '$LATEST' }: HostedFunction): RegisteredFunction {
    return service.getFunction(name, version)
  }

  function find(c: HttpContext) {
    const { Qualifier } = fitted(
      readQuery(c.env.incoming.url ?? '', { Qualifier: 'text' }),
      functionQuery,
    )
    const name = c.req.param('name') ?? ''
    const registered = service.getFunction(name, Qualifier)
    const hosted = [...functions()].find(
      (one) => one.name === registered.name && (one.version ?? '$LATEST') === registered.version,
    )
    const { arn } = registered
    // Without a qualifier in the question there is none in the answer.
    const isQualified = Qualifier !== undefined || /(?:^|:function:)[^:]+:[^:]+$/.test(name)
    return { registered, hosted, arn: isQualified ? arn : arn.slice(0, arn.lastIndexOf(':')) }
  }
}

function configuration(
  { name, version, arn, timeoutSeconds, durable }: RegisteredFunction,
  hosted: HostedFunction | undefined,
  shownArn = arn,
): object {
  const [, , , , account = ''] = arn.split(':')
  const { environment } = hosted ?? {}
  return {
    FunctionName: name,
    FunctionArn: shownArn,
    ...programOf(hosted),
    Role: `arn:aws:iam::${account}:role/local`,
    CodeSize: 0,
    Description: '',
    Timeout: timeoutSeconds,
    MemorySize: hosted?.memoryMegabytes ?? defaultMemoryMegabytes,
    Version: version,
    TracingConfig: { Mode: 'PassThrough' },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
    ...(environment ? { Environment: { Variables: environment } } : {}),
    ...(durable
      ? {
          DurableConfig: {
            ExecutionTimeout: durable.timeoutSeconds,
            RetentionPeriodInDays: durable.retentionDays,
          },
        }
      : {}),
  }
}

function programOf(hosted: HostedFunction | undefined): { Runtime: string; Handler: string } {
  if (hosted?.launch.kind !== 'module') return { Runtime: 'provided.al2023', Handler: 'bootstrap' }
  const { file, exportName } = hosted.launch
  const [major = ''] = process.versions.node.split('.')
  return { Runtime: `nodejs${major}.x`, Handler: `${basename(file, extname(file))}.${exportName}` }
}

function codeOf(hosted: HostedFunction | undefined): object | undefined {
  if (hosted?.launch.kind !== 'module') return undefined
  return { RepositoryType: 'Local', Location: pathToFileURL(hosted.launch.file).href }
}

function keyOf({ name, version = '$LATEST' }: HostedFunction): string {
  return `${name}:${version}`
}

function markerOf(key: string): string {
  return Buffer.from(`after:${key}`).toString('base64')
}

function keyIn(marker: string): string {
  const [, key] = /^after:(.+)$/.exec(Buffer.from(marker, 'base64').toString()) ?? []
  if (key === undefined) throw invalid('Invalid marker')
  return key
}
