package dev.ermine.region;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One immutable, checked version of {@code regions.yaml}: the gateway, the regions in the file's
 * order, the agreements between them, and what is denied in spite of them.
 *
 * @param serial the officers' count of versions
 * @param hash SHA-256, hex, over the file and every file that it names
 */
public record Regions(
    int serial,
    String hash,
    Gateway gateway,
    List<Region> regions,
    List<Agreement> agreements,
    List<Denial> denials) {

  /**
   * Who this gateway is.
   *
   * @param id its id in {@code hops}
   * @param deadline the time that a query may take in all
   */
  public record Gateway(String id, Organisation organisation, Duration deadline) {}

  public Regions {
    regions = List.copyOf(regions);
    agreements = List.copyOf(agreements);
    denials = List.copyOf(denials);
  }

  /** The region of that id. */
  public Optional<Region> region(RegionId id) {
    return regions.stream().filter(region -> region.id().equals(id)).findFirst();
  }

  /** The region of that id, as a path or header names it. */
  public Optional<Region> region(String id) {
    return regions.stream().filter(region -> region.id().value().equals(id)).findFirst();
  }

  /**
   * The regions that can be asked by {@code asker}: all that answer, but itself and the retired.
   */
  public List<Region> peersOf(RegionId asker) {
    return regions.stream()
        .filter(region -> region.answers().isPresent())
        .filter(region -> region.status() != Region.Status.RETIRED)
        .filter(region -> !region.id().equals(asker))
        .toList();
  }
}
