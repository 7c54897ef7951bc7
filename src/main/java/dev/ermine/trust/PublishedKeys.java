package dev.ermine.trust;

import dev.ermine.fhir.Slice;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.Asks;
import dev.ermine.region.Region.Published;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.region.Stage;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys that regions publish at the addresses that {@code regions.yaml} names. Copies are
 * fetched ahead; a key id that the copy in force does not have has it fetched anew, once in a
 * while.
 */
public final class PublishedKeys {

  /** The way to an address. What it promises is kept within {@code timeout}. */
  @FunctionalInterface
  public interface Fetch {

    /**
     * A GET, without redirects.
     *
     * @param anchors certificates that the server's certificate must chain to
     * @param limit bytes of the body, at most
     */
    CompletionStage<Fetched> fetch(
        URI url, List<X509Certificate> anchors, int limit, Duration timeout);
  }

  /** What came of it. */
  public sealed interface Fetched {

    /** The body of a 200. */
    record Body(Slice bytes) implements Fetched {}

    /** None, and why, in our words. */
    record Failed(String why) implements Fetched {}
  }

  /**
   * How it stands with one region's address.
   *
   * @param age of the copy in force; empty while there is none
   * @param failure why the last fetch gave none; empty when it gave one
   * @param failures since the address was declared
   */
  public record Standing(
      RegionId region, Optional<Duration> age, Optional<String> failure, long failures) {}

  static final int MAX_BYTES = 64 * 1024;

  private record Declared(RegionId region, Algorithm algorithm, Published published) {}

  private final Fetch fetch;
  private final Stage stage;
  private final InstantSource clock;
  private final ConcurrentMap<Declared, PublishedCopy> copies = new ConcurrentHashMap<>();

  /**
   * @param stage whether development keys are believed
   */
  public PublishedKeys(Fetch fetch, Stage stage, InstantSource clock) {
    this.fetch = fetch;
    this.stage = stage;
    this.clock = clock;
  }

  /** Where no region publishes any. */
  static PublishedKeys none() {
    Fetched failed = new Fetched.Failed("nothing is fetched here");
    return new PublishedKeys(
        (_, _, _, _) -> CompletableFuture.completedFuture(failed),
        Stage.PRODUCTION,
        InstantSource.system());
  }

  /** Fetches what is due, in the background, and forgets what is declared no more. */
  public void look(Regions regions) {
    Set<Declared> declared =
        regions.regions().stream()
            .filter(Region::mayAsk)
            .flatMap(PublishedKeys::declared)
            .collect(Collectors.toSet());
    copies.keySet().retainAll(declared);
    declared.forEach(each -> copy(each).fetchIfDue());
  }

  private static Stream<Declared> declared(Region region) {
    Asks asks = region.asks().orElseThrow();
    return asks.published().stream()
        .map(published -> new Declared(region.id(), asks.algorithm(), published));
  }

  /** How it stands with each address that is looked after. */
  public List<Standing> standings() {
    Instant now = clock.instant();
    return copies.entrySet().stream()
        .map(entry -> entry.getValue().standing(entry.getKey().region(), now))
        .toList();
  }

  /** One region's keys as it publishes them. To be asked on a thread that may wait. */
  Optional<PublishedSet.Key> key(
      RegionId region, Algorithm algorithm, Published published, String keyId) {
    return copy(new Declared(region, algorithm, published)).key(keyId);
  }

  private PublishedCopy copy(Declared declared) {
    return copies.computeIfAbsent(
        declared, it -> new PublishedCopy(it.published(), it.algorithm(), fetch, stage, clock));
  }
}
