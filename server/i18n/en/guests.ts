/** Guests: their links, and the page that they read. */
export const guests = {
  guest: {
    heading: 'Change request no. {number} ({code}): a copy to read',
    note: 'What it said when the link was made, frozen: later changes of the record are not in it. It prints on A4.',
    as_of: 'As of',
    made_by: 'Made by',
    made_for: 'For',
    until: 'Last day it opens',
    hash: 'SHA-256 of the content',
    open_title: 'Guests’ links that can be opened',
    links_title: 'Guest links',
    links_note:
      'Somebody without an account reads, under a link, the request’s document, its inquiries with their answers and its feasibility sheet, frozen when the link was made: nothing else, and nothing of single subjects.',
    no_links: 'No guest link opens at present.',
    over_title: 'Expired or revoked links: {count}',
    make: 'Make a guest link',
    col_state: 'State',
    col_views: 'Opened',
    col_viewed: 'Last opened',
    views: '{count} times',
    never: 'Never',
    made_at: 'Made {at}, {name}, SHA-256 {hash}',
    revoked_at: 'Revoked {at}',
    revoke: 'Revoke',
    revoke_question: 'Revoke this guest link?',
    revoke_warning: 'Nothing is read under it from then on. This cannot be undone: to show it again takes a new link.',
    made_heading: 'The guest link is made',
    made_note:
      'This link is shown **now and never again**. Whoever knows it can read. Hand it **to the guest themselves**.',
    made_until: '{label}, until {until}',
  },
  guest_state: { valid: 'Opens', expired: 'Expired' },
  guest_over: {
    unknown: 'This guest link does not work',
    expired: 'This guest link has expired',
    revoked: 'This guest link was revoked',
    outdated: 'What this guest link holds cannot be shown',
  },
  guest_over_advice: {
    unknown:
      'See that the address was not cut off. If it still does not open, ask whoever gave you the link for a new one.',
    expired: 'If you still need it, ask whoever gave you the link for a new one.',
    revoked: 'If you still need it, ask whoever gave you the link for a new one.',
    outdated: 'It was made for an earlier version of these pages. Ask whoever gave you the link for a new one.',
  },
}
