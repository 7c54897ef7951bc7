package dev.ermine.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A plot as SVG, which says in words what it shows, tells its series apart by more than colour, and
 * can be read on a light page and on a dark one.
 *
 * @see <a href="https://www.w3.org/TR/SVG2/struct.html#DescriptionAndTitleElements">SVG 2: title
 *     and desc</a>
 */
final class Chart {

  private static final int WIDTH = 720;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 50;
  private static final int BAR = 34;
  private static final int NAMES = 210;
  private static final int HEIGHT = 260;
  private static final int LEGEND = 22;

  private static final String STYLE =
      """
      <style>
        .page { fill: #ffffff } .ink { fill: #1f2328 } .line { stroke: #8c959f } text { font: 14px sans-serif }
        .fill0 { fill: #0072b2 } .fill1 { fill: #56b4e9 } .fill2 { fill: #d55e00 } .fill3 { fill: #009e73 } .fill4 { fill: #cc79a7 }
        .fill5 { fill: #7a6a00 } .curve { fill: none; stroke-width: 2.5 }
        .curve0 { stroke: #0072b2 } .curve1 { stroke: #56b4e9; stroke-dasharray: 10 4 } .curve2 { stroke: #d55e00; stroke-dasharray: 3 3 }
        .curve3 { stroke: #009e73; stroke-dasharray: 14 4 3 4 } .curve4 { stroke: #cc79a7; stroke-dasharray: 6 6 }
        .curve5 { stroke: #7a6a00; stroke-dasharray: 1 4 }
        @media (prefers-color-scheme: dark) { .page { fill: #0d1117 } .ink { fill: #e6edf3 } .fill5 { fill: #e3d26f } .curve5 { stroke: #e3d26f } }
      </style>
      """;

  /** One bar, and its figure as it is written beside it. */
  record Bar(String name, double value, String figure) {}

  /** A line of steps: at the {@code x} of each it rises or falls to that {@code y}, and stays. */
  record Steps(String name, List<Step> steps) {

    /** The part of the values, in %, that does not exceed {@code x}. */
    static Steps upTo(String name, double[] values) {
      double[] sorted = Arrays.stream(values).sorted().toArray();
      return new Steps(
          name,
          IntStream.range(0, sorted.length)
              .mapToObj(i -> new Step(sorted[i], 100.0 * (i + 1) / sorted.length))
              .toList());
    }
  }

  /** One of them. */
  record Step(double x, double y) {}

  private Chart() {}

  /** Bars that begin at nothing, one below the other. */
  static String bars(String title, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElseThrow();
    double unit = (WIDTH - NAMES - RIGHT - 90) / most;
    var text = new StringBuilder();
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = TOP + i * BAR;
      double end = NAMES + Math.max(1, bar.value() * unit);
      text.append(words(NAMES - 8, y + 17, "end", bar.name()));
      text.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"fill%d\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"24\"/>%n",
              i,
              NAMES,
              y,
              end - NAMES));
      text.append(words(end + 6, y + 17, "start", bar.figure()));
    }
    String told = bars.stream().map(bar -> bar.name() + ": " + bar.figure()).toList().toString();
    return drawing(title, told, TOP + bars.size() * BAR + 10, text);
  }

  /**
   * Lines of steps over one another, from 0 to 100 %.
   *
   * @param most where the axis of {@code x} ends; what lies beyond is not drawn
   * @param told in words, what they show
   */
  static String steps(String title, String xAxis, double most, List<Steps> lines, String told) {
    int bottom = TOP + HEIGHT;
    DoubleUnaryOperator across =
        x -> LEFT + Math.clamp(x / most, 0.0, 1.0) * (WIDTH - LEFT - RIGHT);
    DoubleUnaryOperator up = y -> bottom - y / 100 * HEIGHT;
    var text = new StringBuilder();
    for (int part = 0; part <= 100; part += 25) {
      text.append(rule(LEFT, up.applyAsDouble(part), WIDTH - RIGHT, up.applyAsDouble(part)));
      text.append(words(LEFT - 8, up.applyAsDouble(part) + 5, "end", part + " %"));
    }
    for (int i = 0; i <= 4; i++) {
      double x = most * i / 4;
      text.append(
          words(
              across.applyAsDouble(x),
              bottom + 20,
              "middle",
              String.format(Locale.ROOT, "%.3g", x)));
    }
    text.append(words((LEFT + WIDTH - RIGHT) / 2.0, bottom + 42, "middle", xAxis));
    for (int i = 0; i < lines.size(); i++) {
      Steps line = lines.get(i);
      int y = bottom + 66 + i * LEGEND;
      text.append(
          String.format(
              Locale.ROOT,
              "<path class=\"curve curve%d\" d=\"%s\"/>%n",
              i,
              path(line, most, across, up)));
      text.append(
          String.format(
              Locale.ROOT, "<path class=\"curve curve%d\" d=\"M%d %dh50\"/>%n", i, LEFT, y - 5));
      text.append(words(LEFT + 60, y, "start", line.name()));
    }
    return drawing(title, told, bottom + 66 + lines.size() * LEGEND, text);
  }

  private static String path(
      Steps line, double most, DoubleUnaryOperator across, DoubleUnaryOperator up) {
    var path =
        new StringBuilder(
            String.format(Locale.ROOT, "M%.1f %.1f", across.applyAsDouble(0), up.applyAsDouble(0)));
    for (Step step : line.steps()) {
      if (step.x() <= most) {
        path.append(
            String.format(
                Locale.ROOT,
                "H%.1fV%.1f",
                across.applyAsDouble(step.x()),
                up.applyAsDouble(step.y())));
      }
    }
    return path.append(String.format(Locale.ROOT, "H%.1f", across.applyAsDouble(most))).toString();
  }

  private static String rule(double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<path class=\"line\" d=\"M%.1f %.1fL%.1f %.1f\" stroke-width=\"0.5\"/>%n",
        x1,
        y1,
        x2,
        y2);
  }

  private static String words(double x, double y, String anchor, String words) {
    return String.format(
        Locale.ROOT,
        "<text class=\"ink\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
        x,
        y,
        anchor,
        escaped(words));
  }

  private static String drawing(String title, String told, int height, CharSequence content) {
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-labelledby="title desc">
        <title id="title">%3$s</title>
        <desc id="desc">%4$s</desc>
        %5$s<rect class="page" width="%1$d" height="%2$d"/>
        <text class="ink" x="16" y="28" style="font-weight: bold">%3$s</text>
        %6$s</svg>
        """,
        WIDTH,
        height,
        escaped(title),
        escaped(told),
        STYLE,
        content);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
