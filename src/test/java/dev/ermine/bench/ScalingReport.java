package dev.ermine.bench;

import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** What a country's queries take, reckoned from what one query was measured to take. */
final class ScalingReport {

  private static final int REGIONS = StandIns.ENGLAND;
  private static final int EXCHANGES = 1 + HeldRecord.TYPES.size();
  private static final double BUSY = 0.6; // of its cores, that a pod may be at peak
  private static final int CORES = 2; // a pod's limit of CPU in the base
  private static final int FEWEST = 3; // pods, one in each zone
  private static final int POD_MEGABYTES = 896; // a pod's limit of memory in the base

  /**
   * Queries a second at peak: a tenth of it, ten times London's present use, and ten times that.
   */
  private static final double[] RATES = {4, 40, 400};

  private ScalingReport() {}

  /**
   * The page.
   *
   * @param measured the table that it rests on
   * @param line the cost of a query in milliseconds of CPU by its regions
   * @param largest what a query to all regions came to
   */
  static String of(String measured, Figures.Line line, RegionsBench.Block largest) {
    String rows =
        DoubleStream.of(RATES)
            .mapToObj(rate -> row(rate, line, largest))
            .collect(Collectors.joining());
    return """
      # What England takes

      Reckoned by `./ermine bench regions`, which measures what follows and writes this page anew: change neither by hand.

      London's shared care record tells of 1.5 million views a month. Ten times that, England, would be 6 a second on the mean and about 40
      at peak; the last row is ten times as much again. Each query asks %d regions, as many as England has integrated care boards, for %d types.

      | queries/s at peak | cores | pods | exchanges/s in all | exchanges/s at each region | of these by each pod (its quota) | connections to each region, of all pods | from the regions | queries under way in a pod | their bodies in a pod |
      |---|---|---|---|---|---|---|---|---|---|
      %s
      - **Cores**: queries × CPU a query, from the line below. **Pods** are then %.0f %% busy at peak, have %d cores each, and are %d at least, one in each zone.
        Cores are those of the machine below; measure on yours.
      - **Exchanges**: a query at a two-step region is one search for the patient and one for each type, %d; at a region that resolves the patient by itself as many,
        at once. A quota (`limits: rate`) is counted by each pod for itself: give each the region's quota divided by the most pods there may be, less what other systems
        of yours take of it. At the default of `50/s`, a pod asks a region about five such queries a second and is `throttled` beyond: raise it with the region's consent
        before anything else.
      - **Connections**: exchanges × %d ms (Little's law) at a steady flow. `limits: connections` is for each event loop, of which there are as many as cores: bursts take
        two or three times as many as the mean, and an idle one costs nothing but memory.
      - **Bytes**: %d KB from each region, about as many out again to the asker.
      - **Memory**: a query holds the bodies of its regions, twice and a half while they are merged; reckoned as three. The measured process held %.0f MiB; a pod has %d MiB.
      - A region's own servers see all of England's askers: at 40 queries a second, each of them answers as many searches a second as the table says, most of
        them for patients whom it does not know. A locator that says who knows a patient would spare nine in ten of these; there is none yet.

      ## Measured

      %s"""
        .formatted(
            REGIONS,
            HeldRecord.TYPES.size(),
            rows,
            100 * BUSY,
            CORES,
            FEWEST,
            EXCHANGES,
            RegionsBench.DELAY.toMillis(),
            RegionsBench.BYTES / 1000,
            largest.residentMegabytes(),
            POD_MEGABYTES,
            measured);
  }

  private static String row(double rate, Figures.Line line, RegionsBench.Block largest) {
    double cores = rate * line.at(REGIONS) / 1e3;
    long pods = Math.max(FEWEST, (long) Math.ceil(cores / BUSY / CORES));
    double exchanges = rate * EXCHANGES;
    double seconds = RegionsBench.DELAY.toMillis() / 1e3;
    double latency = 2 * seconds + Math.max(0, largest.overSlowest()) / 1e3;
    double held = rate * latency * 3 * REGIONS * RegionsBench.BYTES / (1 << 20) / pods;
    return "| %.0f | %.1f | %d | %.0f | %.0f | %.0f | %.0f | %.0f Mbit/s | %.0f | %.0f MiB |%n"
        .formatted(
            rate,
            cores,
            pods,
            exchanges * REGIONS,
            exchanges,
            exchanges / pods,
            Math.ceil(exchanges * seconds),
            rate * REGIONS * RegionsBench.BYTES * 8 / 1e6,
            rate * latency / pods,
            held);
  }
}
