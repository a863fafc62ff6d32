/** How much is done to the product: little enough for every change, or, with `npm run soak`, what an installation sees in years. */
const isLong = process.env.FAULTS === 'long'

const size = (usual: number, long: number) => (isLong ? long : usual)

export const sizes = {
  /** Processes killed while eight people write, on each engine. */
  kills: size(20, 500),
  /** Screenings that sixteen people record through two processes, each sent twice at once, on each engine. */
  doubledPosts: size(1250, 5000),
  /** Changes in one process that must be seen in the other at once. */
  seenElsewhere: size(40, 1000),
  /** Interruptions of a server under load. */
  restarts: size(5, 100),
  /** Backups made and restored beside people who write. */
  restoreDrills: size(3, 100),
  /** Bits of a file that are turned over. */
  flips: size(150, 2000),
  /** Requests that mean harm, on each engine. */
  hostileRequests: size(10_000, 500_000),
  /** How often every form is sent with one strange field. */
  hostileForms: size(12, 200),
  /** Changes to the rows of a whole database by somebody who owns it. */
  tamperings: size(500, 5000),
  /** Things that somebody might type for a day. */
  typedDays: size(5_000, 1_000_000),
  /** What one of these may take, in milliseconds: on a busy machine the long sizes take hours. */
  longest: size(600_000, 12 * 3_600_000),
} as const
