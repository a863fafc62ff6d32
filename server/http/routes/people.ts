/** People, their roles and the rules of signing in. */
import {
  createInvitation,
  createRole,
  createSignInRule,
  listPeople,
  newInvitation,
  newRole,
  showInvitationAgain,
  showPerson,
  showRoleAgain,
  showSignInRules,
  showSignInRulesAgain,
} from '../people.ts'
import { askRoleEnd, askStep, createRoleEnd, showRoleEndAgain, showStepAgain, takeStep } from '../person-steps.ts'
import { get, post, type Route } from '../route.ts'

export const peopleRoutes: readonly Route[] = [
  get('/people', 'manage_people', listPeople),
  get('/invitations/new', 'manage_people', newInvitation),
  post('/invitations', 'manage_people', createInvitation, showInvitationAgain),
  get('/sign-in-rules', 'manage_people', showSignInRules),
  post('/sign-in-rules', 'manage_people', createSignInRule, showSignInRulesAgain),
  get('/people/:person', 'manage_people', showPerson),
  get('/people/:person/steps/:step', 'manage_people', askStep),
  post('/people/:person/steps/:step', 'manage_people', takeStep, showStepAgain),
  get('/people/:person/roles/new', 'manage_people', newRole),
  post('/people/:person/roles', 'manage_people', createRole, showRoleAgain),
  get('/people/:person/roles/:role/end', 'manage_people', askRoleEnd),
  post('/people/:person/roles/:role/end', 'manage_people', createRoleEnd, showRoleEndAgain),
]
