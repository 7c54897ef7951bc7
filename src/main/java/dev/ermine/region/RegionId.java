package dev.ermine.region;

/** The id of a region, as {@code regions.yaml} and addresses have it: {@code london}. */
public record RegionId(String value) implements Comparable<RegionId> {

  /**
   * The Personal Demographics Service, where it is asked as regions are: no region has this id.
   *
   * @see <a
   *     href="https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir">NHS
   *     England: Personal Demographics Service, FHIR API</a>
   */
  public static final RegionId DEMOGRAPHICS = new RegionId("pds");

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
