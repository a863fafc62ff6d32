/** The settings of a trial. */

import { get, post, type Route } from '../route.ts'
import {
  askRetirement,
  changeSetting,
  createSetting,
  editSetting,
  moveSetting,
  newSetting,
  retireSetting,
  showNewSettingAgain,
  showSection,
  showSettingAgain,
  showSettings,
  takeOffer,
} from '../settings.ts'

export const settingsRoutes: readonly Route[] = [
  get('/trials/:trial/settings', 'configure_trial', showSettings),
  get('/trials/:trial/settings/:section', 'configure_trial', showSection),
  get('/trials/:trial/settings/:section/new', 'configure_trial', newSetting),
  post('/trials/:trial/settings/:section', 'configure_trial', createSetting, showNewSettingAgain),
  post('/trials/:trial/settings/:section/offers', 'configure_trial', takeOffer, null),
  get('/trials/:trial/settings/:section/entries/:entry', 'configure_trial', editSetting),
  post('/trials/:trial/settings/:section/entries/:entry', 'configure_trial', changeSetting, showSettingAgain),
  post('/trials/:trial/settings/:section/entries/:entry/place', 'configure_trial', moveSetting, null),
  get('/trials/:trial/settings/:section/entries/:entry/retirement', 'configure_trial', askRetirement),
  post('/trials/:trial/settings/:section/entries/:entry/retirement', 'configure_trial', retireSetting, null),
]
