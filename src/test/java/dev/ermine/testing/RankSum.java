package dev.ermine.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether two lots of times come from one distribution, by the ranks of each among all.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177730491">Mann and Whitney 1947</a>
 */
public final class RankSum {

  private record Time(long nanos, boolean first) {}

  private final List<Time> times = new ArrayList<>();

  /** One time of each lot. */
  public void add(long first, long second) {
    times.add(new Time(first, true));
    times.add(new Time(second, false));
  }

  /** How probable so great a difference is if they do, to both sides. */
  public double p() {
    List<Time> sorted =
        times.stream().sorted(java.util.Comparator.comparingLong(Time::nanos)).toList();
    double n = sorted.size() / 2.0;
    double sum = 0;
    for (int rank = 1; rank <= sorted.size(); rank++) {
      sum += sorted.get(rank - 1).first() ? rank : 0;
    }
    double mean = n * (2 * n + 1) / 2;
    double deviation = Math.sqrt(n * n * (2 * n + 1) / 12);
    return tail(Math.abs(sum - mean) / deviation);
  }

  /** Both tails of the normal distribution beyond {@code z}: Abramowitz and Stegun 7.1.26. */
  private static double tail(double z) {
    double x = z / Math.sqrt(2);
    double t = 1 / (1 + 0.3275911 * x);
    double polynomial =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return polynomial * Math.exp(-x * x);
  }
}
