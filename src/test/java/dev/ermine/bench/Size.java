package dev.ermine.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many regions a query asks, and how much each answers. */
record Size(int regions, int bytes) {

  private static final Pattern TEXT = Pattern.compile("(?:(\\d{1,2})x)?(\\d{1,3})(k|m)");
  private static final int USUAL = 8;

  /**
   * As an argument says it: {@code 200k} from each of eight regions, {@code 42x20k} from each of
   * 42.
   */
  static Size parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("`" + text + "` is no size: write 20k, 2m or 42x20k");
    }
    int regions = matcher.group(1) == null ? USUAL : Integer.parseInt(matcher.group(1));
    if (regions < 1 || regions > StandIns.ENGLAND) {
      throw new IllegalArgumentException(
          "`" + text + "` asks more regions than there are: " + StandIns.ENGLAND);
    }
    int unit = matcher.group(3).equals("k") ? 1_000 : 1_000_000;
    return new Size(regions, Integer.parseInt(matcher.group(2)) * unit);
  }

  /** As it stands in a file's name. */
  String name() {
    return regions + "x" + (bytes < 1_000_000 ? bytes / 1_000 + "k" : bytes / 1_000_000 + "m");
  }

  /** In words: 8 × 20 KB. */
  @Override
  public String toString() {
    return "%d × %s"
        .formatted(regions, bytes < 1_000_000 ? bytes / 1_000 + " KB" : bytes / 1_000_000 + " MB");
  }
}
