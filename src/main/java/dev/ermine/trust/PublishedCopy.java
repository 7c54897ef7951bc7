package dev.ermine.trust;

import dev.ermine.fhir.Slice;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.Published;
import dev.ermine.region.RegionId;
import dev.ermine.region.Stage;
import dev.ermine.trust.PublishedKeys.Fetch;
import dev.ermine.trust.PublishedKeys.Fetched;
import dev.ermine.trust.PublishedKeys.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The last good copy of what one region publishes at one address. No two fetches run at once.
 *
 * <p>While the address fails, the copy is used until it is as old as the declaration allows, and
 * not a moment longer.
 */
final class PublishedCopy {

  /** A copy is renewed when it is so old, or half as old as it may get. */
  private static final Duration RENEWAL = Duration.ofMinutes(5);

  /** Between two fetches that a key id has caused, or a failure. */
  private static final Duration LEAST_APART = Duration.ofSeconds(30);

  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

  /** How long whoever verifies a token waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private record Copy(PublishedSet keys, Instant fetched) {}

  private final Published published;
  private final Algorithm algorithm;
  private final Fetch fetch;
  private final Stage stage;
  private final InstantSource clock;
  private volatile @Nullable Copy copy;
  private volatile @Nullable String failure;
  private long failures;
  private Instant begun = Instant.MIN;
  private Instant caused = Instant.MIN;
  private @Nullable CompletableFuture<Void> flight;

  PublishedCopy(
      Published published, Algorithm algorithm, Fetch fetch, Stage stage, InstantSource clock) {
    this.published = published;
    this.algorithm = algorithm;
    this.fetch = fetch;
    this.stage = stage;
    this.clock = clock;
  }

  /** The key of that id; where the copy has none, it is fetched anew unless it just has been. */
  Optional<PublishedSet.Key> key(String keyId) {
    return inForce(keyId)
        .or(
            () -> {
              fetchFor().ifPresent(PublishedCopy::await);
              return inForce(keyId);
            });
  }

  private Optional<PublishedSet.Key> inForce(String keyId) {
    return inForce(clock.instant()).flatMap(it -> it.keys().key(keyId));
  }

  private Optional<Copy> inForce(Instant now) {
    return Optional.ofNullable(copy)
        .filter(it -> now.isBefore(it.fetched().plus(published.stale())));
  }

  /** The fetch that runs, or one begun now; empty when the last one is too recent. */
  private Optional<CompletableFuture<Void>> fetchFor() {
    CompletableFuture<Void> mine;
    synchronized (this) {
      if (flight != null) {
        return Optional.of(flight);
      }
      Instant now = clock.instant();
      if (isWithin(LEAST_APART, caused, now)) {
        return Optional.empty();
      }
      caused = now;
      mine = begin(now);
    }
    fly(mine);
    return Optional.of(mine);
  }

  private static void await(CompletableFuture<Void> flight) {
    try {
      flight.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Then the copy is as it was.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a fetch ends normally", e);
    }
  }

  /** Fetches it in the background, when there is none or it is to be renewed. */
  void fetchIfDue() {
    CompletableFuture<Void> mine;
    synchronized (this) {
      Instant now = clock.instant();
      if (flight != null || isWithin(failure == null ? renewal() : LEAST_APART, begun, now)) {
        return;
      }
      mine = begin(now);
    }
    fly(mine);
  }

  private Duration renewal() {
    Duration half = published.stale().dividedBy(2);
    return half.compareTo(RENEWAL) < 0 ? half : RENEWAL;
  }

  private static boolean isWithin(Duration time, Instant since, Instant now) {
    return !since.equals(Instant.MIN) && now.isBefore(since.plus(time));
  }

  private CompletableFuture<Void> begin(Instant now) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    begun = now;
    flight = mine;
    return mine;
  }

  private void fly(CompletableFuture<Void> mine) {
    try {
      var _ =
          fetch
              .fetch(published.url(), published.anchors(), PublishedKeys.MAX_BYTES, FETCH_TIMEOUT)
              .whenComplete((fetched, defect) -> land(mine, fetched));
    } catch (RuntimeException defect) {
      land(mine, null);
      throw defect;
    }
  }

  private void land(CompletableFuture<Void> mine, @Nullable Fetched fetched) {
    synchronized (this) {
      switch (fetched) {
        case Fetched.Body(Slice bytes) -> take(bytes);
        case Fetched.Failed(String why) -> fail(why);
        case null -> fail("could not be fetched, by a defect of the gateway");
      }
      flight = null;
    }
    mine.complete(null);
  }

  private void take(Slice bytes) {
    try {
      copy = new Copy(PublishedSet.read(bytes, algorithm, stage), clock.instant());
      failure = null;
    } catch (PublishedSet.Unfit e) {
      fail("what is published " + e.getMessage());
    }
  }

  private void fail(String why) {
    failure = why;
    failures++;
  }

  synchronized Standing standing(RegionId region, Instant now) {
    return new Standing(
        region,
        inForce(now).map(it -> Duration.between(it.fetched(), now)),
        Optional.ofNullable(failure),
        failures);
  }
}
