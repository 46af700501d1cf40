import type { Duration } from '../../kernel/duration.ts'
import type { Random } from '../../kernel/random.ts'
import type { DriverOptions } from '../../lambda/options.ts'
import type { ServiceLimits } from '../../service/service-limits.ts'
import type { Scenario } from '../scenario.ts'
import type { InvocationTranscript } from '../transcript.ts'
import type { VirtualClock } from '../virtual-clock.ts'

export interface RunOptions<I = unknown> extends Scenario {
  readonly input?: I | undefined
  /**
   * A clock to share or to move by hand. Without one, a run has its own, which passes time only while
   * somebody waits for something of the run.
   */
  readonly clock?: VirtualClock | undefined
  /** As in production; `determinism` is `'check'` unless it says otherwise. A handler has its own. */
  readonly driver?: DriverOptions | undefined
  /** How long the execution may take; without one, an execution that does not end is a stuck one. */
  readonly timeout?: Duration | undefined
  /** How long one invocation may take; 15 minutes when left out. */
  readonly invocationTimeout?: Duration | undefined
  /** Quotas of the service that are to be others than Lambda's. */
  readonly limits?: Partial<ServiceLimits> | undefined
  /** The name of the execution. */
  readonly name?: string | undefined
  /** Where the service, and the driver, draw from. */
  readonly random?: Random | undefined
  /**
   * Real time without a sign of life, as when a body never ends, after which a run is given up; 10
   * seconds when left out.
   */
  readonly patience?: Duration | false | undefined
  /** Is handed what each invocation did when that is over. */
  readonly onInvocation?: ((transcript: InvocationTranscript) => void) | undefined
}
