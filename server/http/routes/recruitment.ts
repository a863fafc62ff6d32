/** Countermeasures, pools and sources. */
import {
  measureCorrection,
  measureEnd,
  measureVoid,
  newMeasure,
  showCountermeasures,
} from '../recruitment/countermeasures.ts'
import { countCorrection, countVoid, laterCount, newPool, showPools } from '../recruitment/pools.ts'
import { showSources } from '../recruitment/sources.ts'
import { get, post, type Route } from '../route.ts'

export const recruitmentRoutes: readonly Route[] = [
  get('/trials/:trial/countermeasures', 'see_counts', showCountermeasures),
  get('/trials/:trial/countermeasures/new', 'plan_recruitment', newMeasure.open),
  post('/trials/:trial/countermeasures', 'plan_recruitment', newMeasure.send, newMeasure.again),
  get('/trials/:trial/countermeasures/:countermeasure', 'plan_recruitment', measureCorrection.open),
  post(
    '/trials/:trial/countermeasures/:countermeasure',
    'plan_recruitment',
    measureCorrection.send,
    measureCorrection.again,
  ),
  get('/trials/:trial/countermeasures/:countermeasure/end/new', 'plan_recruitment', measureEnd.open),
  post('/trials/:trial/countermeasures/:countermeasure/end', 'plan_recruitment', measureEnd.send, measureEnd.again),
  get('/trials/:trial/countermeasures/:countermeasure/void/new', 'plan_recruitment', measureVoid.open),
  post('/trials/:trial/countermeasures/:countermeasure/void', 'plan_recruitment', measureVoid.send, measureVoid.again),
  get('/trials/:trial/pools', 'see_counts', showPools),
  get('/trials/:trial/pools/new', 'plan_recruitment', newPool.open),
  post('/trials/:trial/pools', 'plan_recruitment', newPool.send, newPool.again),
  get('/trials/:trial/pools/:pool/counts/new', 'plan_recruitment', laterCount.open),
  post('/trials/:trial/pools/:pool/counts', 'plan_recruitment', laterCount.send, laterCount.again),
  get('/trials/:trial/pools/:pool/counts/:count', 'plan_recruitment', countCorrection.open),
  post('/trials/:trial/pools/:pool/counts/:count', 'plan_recruitment', countCorrection.send, countCorrection.again),
  get('/trials/:trial/pools/:pool/counts/:count/void/new', 'plan_recruitment', countVoid.open),
  post('/trials/:trial/pools/:pool/counts/:count/void', 'plan_recruitment', countVoid.send, countVoid.again),
  get('/trials/:trial/sources', 'see_counts', showSources),
]
