package reduce

import "math"

// lower is the one-sided p-value of Fisher's exact test (R. A. Fisher, Statistical
// Methods for Research Workers, 5th edition, 1934, section 21.02) that the rate
// without a line is lower than that of the whole trace: the probability that, of as
// many runs that showed the violation, so few or fewer were without the line, if it
// made no difference. Runs of none prove nothing: then it is 1.
func lower(whole, without Rate) float64 {
	all, shown := whole.Runs+without.Runs, whole.Failed+without.Failed
	p := 0.0
	for x := max(0, shown-whole.Runs); x <= without.Failed; x++ {
		p += math.Exp(logChoose(without.Runs, x) + logChoose(whole.Runs, shown-x) - logChoose(all, shown))
	}
	return min(p, 1)
}

// logChoose is the logarithm of the number of ways to choose k of n.
func logChoose(n, k int) float64 {
	factorial := func(n int) float64 {
		out, _ := math.Lgamma(float64(n + 1))
		return out
	}
	return factorial(n) - factorial(k) - factorial(n-k)
}
