package dev.ermine.region;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One immutable, checked version of trust: the gateway, the regions in the order of {@code
 * regions.yaml}, the agreements between them, what is denied in spite of them, and the codes that
 * labels are derived from.
 *
 * @param demographics the Personal Demographics Service, declared like a region that only answers,
 *     and asked who the patient is; empty: nobody is
 */
public record Regions(
    Edition edition,
    Gateway gateway,
    List<Region> regions,
    Optional<Region> demographics,
    List<Agreement> agreements,
    List<Denial> denials,
    Labelling labelling) {

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

  /** A version that nobody has signed, without demographics. */
  public Regions(
      int serial,
      String hash,
      Gateway gateway,
      List<Region> regions,
      List<Agreement> agreements,
      List<Denial> denials) {
    this(
        Edition.unsigned(serial, hash),
        gateway,
        regions,
        Optional.empty(),
        agreements,
        denials,
        Labelling.NONE);
  }

  /** The officers' count of versions of {@code regions.yaml}. */
  public int serial() {
    return edition.serial();
  }

  /** SHA-256, hex, over all files that this version was read from. */
  public String hash() {
    return edition.hash();
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

  /** The region that signs as {@code issuer}. */
  public Optional<Region> issuing(String issuer) {
    return regions.stream()
        .filter(region -> region.asks().filter(asks -> asks.issuer().equals(issuer)).isPresent())
        .findFirst();
  }

  /** Whether the one may hand on a question of the other: both may ask, and the one so declared. */
  public boolean mayForward(RegionId forwarder, RegionId originator) {
    return region(forwarder)
            .filter(Region::mayAsk)
            .flatMap(Region::asks)
            .filter(asks -> asks.forwards().contains(originator))
            .isPresent()
        && region(originator).filter(Region::mayAsk).isPresent();
  }

  /** All that the gateway knows keys and addresses of: the regions, and demographics after them. */
  public List<Region> withDemographics() {
    return Stream.concat(regions.stream(), demographics.stream()).toList();
  }

  /** The same under those officers' signatures. */
  Regions signedBy(Set<String> officers) {
    return new Regions(
        edition.signedBy(officers), gateway, regions, demographics, agreements, denials, labelling);
  }

  /** The same with those regions suspended. */
  Regions under(Suspensions suspensions) {
    return new Regions(
        edition.under(suspensions.overlay(), suspensions.hashOver(edition.hash())),
        gateway,
        regions.stream().map(suspensions::over).toList(),
        demographics,
        agreements,
        denials,
        labelling);
  }

  /** What is left when its time is over: every region still known, and no agreement. */
  Regions lapsed() {
    return new Regions(edition, gateway, regions, demographics, List.of(), denials, labelling);
  }
}
