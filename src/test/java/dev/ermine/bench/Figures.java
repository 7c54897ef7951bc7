package dev.ermine.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.DoubleStream;

/** What is made of measured figures. */
final class Figures {

  private Figures() {}

  /** The value that so large a part of them, of 1, does not exceed; NaN of none. */
  static double quantile(double[] values, double part) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.clamp((long) Math.ceil(part * sorted.length) - 1, 0, sorted.length - 1)];
  }

  static double median(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** How far the values lie about their median: half from least to most, as a part of it. */
  static double spread(Collection<Double> values) {
    var range = values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return (range.getMax() - range.getMin()) / 2 / median(values);
  }

  /**
   * The straight line with the least squares.
   *
   * @param residual the largest distance of a value from it, as a part of the value
   */
  record Line(double at0, double slope, double residual) {

    static Line through(double[] x, double[] y) {
      double meanX = DoubleStream.of(x).average().orElseThrow();
      double meanY = DoubleStream.of(y).average().orElseThrow();
      double together = 0;
      double alone = 0;
      for (int i = 0; i < x.length; i++) {
        together += (x[i] - meanX) * (y[i] - meanY);
        alone += (x[i] - meanX) * (x[i] - meanX);
      }
      double slope = together / alone;
      double at0 = meanY - slope * meanX;
      double residual = 0;
      for (int i = 0; i < x.length; i++) {
        residual = Math.max(residual, Math.abs(at0 + slope * x[i] - y[i]) / y[i]);
      }
      return new Line(at0, slope, residual);
    }

    double at(double x) {
      return at0 + slope * x;
    }
  }
}
