/** The people one can be in a demonstration. Names and passwords are made up. */
import { addPerson } from '../server/actions/add-person.ts'
import { grantRole } from '../server/actions/grant-role.ts'
import type { DemoPerson } from '../server/config.ts'
import { type Actor, type Context, commandLine } from '../server/context.ts'
import type { Grant, Role } from '../server/domain/permission.ts'
import { done } from './story.ts'

export const demoPeople = [
  {
    username: 'demo-crc',
    password: 'demo-coordinator-01',
    name: { ja: '田中 恵', en: 'Megumi Tanaka' },
    role: 'coordinator',
    task: { ja: '施設01の症例を記録する', en: 'Logs subjects at site 01' },
  },
  {
    username: 'demo-crc2',
    password: 'demo-coordinator-02',
    name: { ja: '鈴木 葵', en: 'Aoi Suzuki' },
    role: 'coordinator',
    task: { ja: '施設02の症例を記録する', en: 'Logs subjects at site 02' },
  },
  {
    username: 'demo-pi',
    password: 'demo-investigator',
    name: { ja: '佐藤 由美', en: 'Yumi Sato' },
    role: 'principal_investigator',
    task: { ja: '計画と実績を比べる', en: 'Compares plan and record' },
  },
  {
    username: 'demo-dm',
    password: 'demo-data-manager',
    name: { ja: '高橋 健', en: 'Ken Takahashi' },
    role: 'data_manager',
    task: { ja: '全施設の記録を整える', en: 'Keeps all sites in order' },
  },
  {
    username: 'demo-irb',
    password: 'demo-committee-member',
    name: { ja: '伊藤 薫', en: 'Kaoru Ito' },
    role: 'committee',
    task: { ja: '見込みを確かめる', en: 'Judges the projection' },
  },
  {
    username: 'demo-audit',
    password: 'demo-reads-the-trail',
    name: { ja: '渡辺 誠', en: 'Makoto Watanabe' },
    role: 'auditor',
    task: { ja: '監査証跡を読む', en: 'Reads the audit trail' },
  },
  {
    username: 'demo-stat',
    password: 'demo-unblinded-only',
    name: { ja: '中村 悟', en: 'Satoru Nakamura' },
    role: 'unblinded_statistician',
    task: { ja: '割付を記録する', en: 'Records allocations' },
  },
  {
    username: 'demo-admin',
    password: 'demo-keeps-accounts',
    name: { ja: '小林 直子', en: 'Naoko Kobayashi' },
    role: 'administrator',
    task: { ja: '利用者を招き、役割を付与する', en: 'Invites people and grants roles' },
  },
] as const satisfies readonly DemoPerson[]

export type DemoName = (typeof demoPeople)[number]['username']
export type Cast = Record<DemoName, Actor>

/** Adds the people, and gives them to the stories as actors. */
export async function addDemoPeople(context: Context): Promise<Cast> {
  const cast: Partial<Cast> = {}
  const added = await Promise.all(
    demoPeople.map(({ username, name, password }) =>
      done(addPerson(context, commandLine, { username, name, password })),
    ),
  )
  for (const [index, { username, name }] of demoPeople.entries()) {
    const personId = added[index]?.personId ?? ''
    cast[username] = { personId, username, name, grants: [] }
  }
  const administrator: Grant = { role: 'administrator', trialId: null, siteId: null }
  const personId = cast['demo-admin']?.personId ?? ''
  await done(grantRole(context, commandLine, personId, administrator))
  return cast as Cast
}

/** Gives everybody their role in a trial; coordinators at sites 01 and 02, where the trial has them. */
export async function castIn(
  context: Context,
  cast: Cast,
  trialId: string,
  siteIds: Record<string, string>,
): Promise<Cast> {
  const grants: [DemoName, Role, string | null][] = [
    ['demo-crc', 'coordinator', siteIds['01'] ?? null],
    ['demo-crc2', 'coordinator', siteIds['02'] ?? null],
    ['demo-pi', 'principal_investigator', null],
    ['demo-dm', 'data_manager', null],
    ['demo-irb', 'committee', null],
    ['demo-audit', 'auditor', null],
    ['demo-stat', 'unblinded_statistician', null],
  ]
  const inTrial = { ...cast }
  for (const [name, role, siteId] of grants) {
    if (role === 'coordinator' && siteId === null) continue
    const grant: Grant = { role, trialId, siteId }
    await done(grantRole(context, commandLine, cast[name].personId, grant))
    inTrial[name] = { ...cast[name], grants: [grant] }
  }
  return inTrial
}
