import { EmbeddedHouse } from './embedded-house.ts'
import type { Handler } from './handler.ts'
import { PlayedStage } from './played-stage.ts'
import type { Requirement } from './requirement.ts'
import type { Stage } from './stage.ts'

/** The service in this process, its calls made as calls. */
export async function embeddedStage(requirement: Requirement, handler: Handler): Promise<Stage> {
  // Imported as handlers are: a loader of TypeScript may keep a second copy for what is required, and
  // the driver of one copy does not know the operations of the other.
  const house = new EmbeddedHouse(requirement, handler, await import('perdure'))
  return new PlayedStage(house, house.embedded.service)
}
