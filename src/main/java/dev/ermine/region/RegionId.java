package dev.ermine.region;

/** The id of a region, as {@code regions.yaml} and addresses have it: {@code london}. */
public record RegionId(String value) implements Comparable<RegionId> {

  public RegionId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a region id");
    }
  }

  /** Lower-case words joined by hyphens, 40 characters at most. */
  public static boolean isValid(String text) {
    return text.length() <= 40 && text.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  }

  @Override
  public int compareTo(RegionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
