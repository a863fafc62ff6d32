/** Secret addresses under which people fetch their calendars. */

/** Nobody has more of one trial, or of all trials: one that is not used any more is revoked first. */
export const mostFeeds = 10
