/** The demonstration: its people and four trials, told from the documents they come from. */
import type { Context } from '../server/context.ts'
import { tellCltiMnc } from './clti-mnc.ts'
import { addDemoPeople } from './demo-people.ts'
import { tellSscBmc } from './ssc-bmc.ts'
import { tellSscHsct } from './ssc-hsct.ts'
import { tellStr0103 } from './str01-03.ts'

export async function tellDemoWorlds(context: Context): Promise<void> {
  const people = await addDemoPeople(context)
  await tellSscBmc(context, people)
  await tellCltiMnc(context, people)
  await tellStr0103(context, people)
  await tellSscHsct(context, people)
}
