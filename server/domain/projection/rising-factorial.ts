/**
 * The rising factorial a (a+1) ... (a+n-1) = Gamma(a+n) / Gamma(a), which stands in every likelihood of counts whose
 * rates differ. As a difference of log-gammas it would lose its digits where a is large; this keeps them.
 */

/** So many factors are multiplied out; the rest is Stirling's series, exact to rounding from here on. */
const multipliedOut = 16

/**
 * ln(a (a+1) ... (a+n-1)) for a > 0 and a whole n >= 0; 0 for n = 0.
 *
 * a = 1 gives ln n!: ln 6 = 1.79 for n = 3. a = 2, n = 3: ln(2 x 3 x 4) = ln 24 = 3.18.
 */
export function logRisingFactorial(a: number, n: number): number {
  const few = Math.min(n, multipliedOut)
  let product = 1
  let sum = 0
  for (let j = 0; j < few; j++) {
    product *= a + j
    if (product > 1e250 || product < 1e-250) {
      sum += Math.log(product)
      product = 1
    }
  }
  sum += Math.log(product)
  if (n === few) return sum
  const x = a + few
  const more = n - few
  return (
    sum + (x - 0.5) * Math.log1p(more / x) + more * (Math.log(x + more) - 1) + stirlingRest(x + more) - stirlingRest(x)
  )
}

/**
 * 1/a + 1/(a+1) + ... + 1/(a+n-1), the derivative of `logRisingFactorial` by a (a difference of digammas); 0 for n = 0.
 *
 * a = 1, n = 3: 1 + 1/2 + 1/3 = 1.83.
 */
export function sumOfReciprocals(a: number, n: number): number {
  const few = Math.min(n, multipliedOut)
  let sum = 0
  for (let j = 0; j < few; j++) sum += 1 / (a + j)
  if (n === few) return sum
  const x = a + few
  const more = n - few
  return sum + Math.log1p(more / x) + digammaRest(x + more) - digammaRest(x)
}

/** ln Gamma(x) beyond (x - 1/2) ln x - x + ln(2 pi)/2, for x >= 16 (Abramowitz & Stegun 6.1.41). */
function stirlingRest(x: number): number {
  const s = 1 / (x * x)
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360_360))))) / x
}

/** The digamma function beyond ln x, for x >= 16 (Abramowitz & Stegun 6.3.18). */
function digammaRest(x: number): number {
  const s = 1 / (x * x)
  return (
    -1 / (2 * x) - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - (s * 691) / 32_760)))))
  )
}
