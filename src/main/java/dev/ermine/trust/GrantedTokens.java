package dev.ermine.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Token.Endpoint;
import dev.ermine.region.Region.Token.TokenUse;
import dev.ermine.region.Regions;
import dev.ermine.trust.Granting.Granted;
import dev.ermine.trust.PeerTokens.Context;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The access tokens that regions' own token endpoints grant for our client assertions. Where a
 * region allows {@code context}, questions of one context share a token, and whoever comes while it
 * is asked for waits for the same one.
 *
 * @param <F> why there may be none
 * @see <a href="https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html">SMART Backend
 *     Services</a>
 */
public final class GrantedTokens<F> {

  /** The way to a token endpoint; what it promises is kept within the endpoint's timeout. */
  @FunctionalInterface
  public interface Exchange<F> {
    CompletionStage<Granting<F>> exchange(Endpoint endpoint, String assertion);
  }

  /** A token is shown only while it has more than this to live, or the record may refuse it. */
  static final Duration LEAST_LEFT = Duration.ofSeconds(5);

  private static final int CONTEXTS = 10_000;

  private final PeerTokens assertions;
  private final Exchange<F> endpoints;
  private final InstantSource clock;
  private final Cache<Context, Shared> contexts;

  public GrantedTokens(PeerTokens assertions, Exchange<F> endpoints, InstantSource clock) {
    this.assertions = assertions;
    this.endpoints = endpoints;
    this.clock = clock;
    this.contexts =
        Caffeine.newBuilder()
            .ticker(new WallTicker(clock))
            .expireAfterAccess(Duration.ofHours(1))
            .maximumSize(CONTEXTS)
            .executor(Runnable::run)
            .build();
  }

  /**
   * A token for the exchanges of one question.
   *
   * @param region one with a token endpoint
   * @param certificate the client certificate of the connections that carry it
   * @param left how long there still is
   */
  public CompletionStage<Granting<F>> forQuestion(
      Requester requester,
      Region region,
      Regions.Gateway gateway,
      NhsNumber patient,
      X509Certificate certificate,
      Supplier<Duration> left) {
    Context context = assertions.context(requester, region, gateway, patient, certificate);
    return context.demanded().use() == TokenUse.CONTEXT
        ? contexts.get(context, Shared::new).token()
        : ask(context.within(left)).thenApply(Asked::grant);
  }

  /**
   * Notes that the region's record has refused a token of this question: whoever asks next gets
   * another one.
   */
  public void refused(
      Requester requester,
      Region region,
      Regions.Gateway gateway,
      NhsNumber patient,
      X509Certificate certificate,
      GrantedToken token) {
    @Nullable Shared shared =
        contexts.getIfPresent(assertions.context(requester, region, gateway, patient, certificate));
    if (shared != null) {
      shared.drop(token);
    }
  }

  /** What was granted, and since when it lives. */
  private record Asked<F>(Instant at, Granting<F> grant) {}

  private CompletionStage<Asked<F>> ask(Context context) {
    Instant at = clock.instant();
    Endpoint endpoint = context.demanded().endpoint().orElseThrow();
    return endpoints
        .exchange(endpoint, assertions.assertion(context))
        .thenApply(grant -> new Asked<>(at, grant));
  }

  /** The token of one context, its successor while that is asked for. */
  private final class Shared {

    private final Context context;
    private @Nullable Granted<F> held;
    private Instant since = Instant.EPOCH;
    private @Nullable CompletableFuture<Granting<F>> flight;

    private Shared(Context context) {
      this.context = context;
    }

    CompletionStage<Granting<F>> token() {
      Granted<F> usable;
      CompletableFuture<Granting<F>> begun;
      synchronized (this) {
        usable = left().compareTo(LEAST_LEFT) > 0 ? held : null;
        if (usable != null && (flight != null || !isDue(usable))) {
          return CompletableFuture.completedFuture(usable);
        }
        if (flight != null) {
          return flight.copy();
        }
        begun = new CompletableFuture<>();
        flight = begun;
      }
      fly(begun);
      return usable == null ? begun.copy() : CompletableFuture.completedFuture(usable);
    }

    private Duration left() {
      return held == null
          ? Duration.ZERO
          : Duration.between(clock.instant(), since.plus(held.token().life()));
    }

    /** Whether less than a quarter of its life is left. */
    private boolean isDue(Granted<F> token) {
      return left().multipliedBy(4).compareTo(token.token().life()) < 0;
    }

    private void fly(CompletableFuture<Granting<F>> begun) {
      try {
        var _ = ask(context).whenComplete((asked, defect) -> land(begun, asked, defect));
      } catch (RuntimeException defect) {
        land(begun, null, defect);
      }
    }

    private void land(
        CompletableFuture<Granting<F>> begun,
        @Nullable Asked<F> asked,
        @Nullable Throwable defect) {
      synchronized (this) {
        flight = null;
        if (asked != null && asked.grant() instanceof Granted<F> granted) {
          held = granted;
          since = asked.at();
        }
      }
      if (asked == null) {
        // Nobody may wait: then whoever comes when the token in force has ended is told.
        begun.completeExceptionally(defect);
      } else {
        begun.complete(asked.grant());
      }
    }

    synchronized void drop(GrantedToken refused) {
      if (held != null && held.token().equals(refused)) {
        held = null;
      }
    }
  }
}
