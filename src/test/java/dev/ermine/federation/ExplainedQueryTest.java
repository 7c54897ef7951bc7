package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.UnreadAudit;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * What an officer is told is what a real query gets: asked of the federation, read in its account.
 */
class ExplainedQueryTest {

  private static final int WORLDS = 4000;
  private static final Instant NOW = Worlds.TODAY.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)));
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of one region: its status in the account, and the rules that are quoted. */
  private record Line(String status, String diagnostics) {}

  /** What a query of one type got: who was asked, and what was said of each region. */
  private record Got(Set<String> asked, Map<String, Line> account) {}

  @Test
  void explainsEveryCellAsItsQueryIsAnswered() throws IOException {
    int permits = 0;
    int suspended = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      Regions version = pinned(Worlds.random(random));
      Enquirer enquirer = enquirer(random);
      if (version.region(enquirer.region()).filter(Region::mayAsk).isEmpty()) {
        continue;
      }
      String type = Worlds.one(random, Worlds.TYPES);
      OptOuts optOuts = random.nextBoolean() ? new OptOuts.Unknown() : Worlds.optOuts();
      Got got = got(version, optOuts, enquirer, type);
      for (Prospect prospect :
          new Rehearsal(version, optOuts.inForce(NOW))
              .explain(enquirer, _ -> true, List.of(type), NOW)) {
        String region = prospect.region().value();
        Line line = got.account().get(region);
        assertThat(got.asked().contains(region))
            .as("seed %d: %s", seed, prospect)
            .isEqualTo(prospect.permitted());
        if (line == null) {
          assertThat(prospect.rules().getFirst())
              .as("seed %d: a region without a line in the account", seed)
              .isIn("itself", "retired", region + "#answers");
        } else if (line.status().equals("suspended")) {
          assertThat(prospect.rules()).as("seed %d", seed).containsExactly("suspended");
          suspended++;
        } else {
          assertThat(line.diagnostics())
              .as("seed %d: %s", seed, prospect)
              .isEqualTo("rules: " + String.join(", ", prospect.rules()));
        }
        permits += prospect.permitted() ? 1 : 0;
      }
    }
    assertThat(permits).as("cells that were permitted").isGreaterThan(50);
    assertThat(suspended).as("cells of suspended regions").isPositive();
  }

  private static Got got(Regions version, OptOuts optOuts, Enquirer enquirer, String type)
      throws IOException {
    Set<String> asked = ConcurrentHashMap.newKeySet();
    Federation federation =
        new Federation(
            () -> version,
            () -> optOuts,
            (question, _) -> {
              asked.add(question.region().id().value());
              return CompletableFuture.completedFuture(new PeerAnswer.NotMatched());
            },
            new UnreadAudit(),
            "https://gateway.example",
            () -> NOW,
            new Quality(NOW),
            PageRing.tokens());
    FederatedAnswer answer =
        federation.search(
            new Call(proven(enquirer.requester()), "r-1", "192.0.2.1", Traceparent.fresh()),
            new FhirQuery(List.of(type), false, Given.ADA, List.of(), false, List.of()),
            Wishes.NONE);
    return new Got(new HashSet<>(asked), account(answer));
  }

  private static Map<String, Line> account(FederatedAnswer answer) throws IOException {
    Map<String, Line> account = new HashMap<>();
    switch (answer) {
      case View view -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        view.bundle().writeTo(out);
        ArrayNode entries = (ArrayNode) JSON.readTree(out.toByteArray()).path("entry");
        for (JsonNode entry : entries) {
          entry
              .at("/resource/issue")
              .forEach(
                  issue ->
                      add(
                          account,
                          issue.at("/details/coding/0/code").asText(),
                          issue.at("/details/coding/1/code").asText(),
                          issue.path("diagnostics").asText()));
        }
      }
      case Unanswered unanswered -> {
        for (Issue issue : unanswered.issues()) {
          if (issue.codings().size() > 1) {
            add(
                account,
                issue.codings().get(0).code(),
                issue.codings().get(1).code(),
                issue.diagnostics().orElse(""));
          }
        }
      }
      default -> throw new AssertionError("a search is answered, or not");
    }
    return account;
  }

  private static void add(
      Map<String, Line> account, String status, String region, String diagnostics) {
    if (!region.isEmpty()) {
      account.put(region, new Line(status, diagnostics));
    }
  }

  /** Each region that asks has the certificate by which the requester is proven. */
  private static Regions pinned(Regions version) {
    return new Regions(
        version.serial(),
        version.hash(),
        version.gateway(),
        version.regions().stream().map(ExplainedQueryTest::pinned).toList(),
        version.agreements(),
        version.denials());
  }

  private static Region pinned(Region region) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region
            .asks()
            .map(
                asks ->
                    new Region.Asks(
                        asks.issuer(),
                        asks.algorithm(),
                        asks.keys(),
                        asks.published(),
                        List.of(CERTIFICATE),
                        asks.revocation(),
                        asks.timings())),
        region.answers());
  }

  private static Requester proven(Requester asker) {
    return new Requester(
        asker.region(),
        asker.issuer(),
        asker.subject(),
        asker.organisation(),
        asker.userId(),
        asker.name(),
        asker.roles(),
        asker.purposes(),
        asker.reason(),
        asker.breakGlassReason(),
        asker.relationship(),
        asker.patient(),
        asker.practitioner(),
        asker.hops(),
        asker.tokenId(),
        Thumbprints.x5tS256(CERTIFICATE),
        asker.expires(),
        asker.scope(),
        asker.stepUp(),
        asker.ownRecord());
  }

  private static Enquirer enquirer(Random random) {
    return new Enquirer(
        new RegionId(Worlds.one(random, Worlds.IDS)),
        Worlds.one(random, Worlds.ORGANISATIONS),
        random.nextInt(3) > 0
            ? Worlds.purposes("TREAT")
            : Worlds.purposes(Worlds.some(random, Worlds.PURPOSES).toArray(String[]::new)),
        Worlds.some(random, Worlds.ROLES),
        random.nextInt(4) > 0 ? Optional.of(Worlds.one(random, Worlds.BASES)) : Optional.empty(),
        random.nextInt(4) > 0 ? Optional.of("unconscious") : Optional.empty(),
        random.nextInt(4) > 0,
        Worlds.stepUp(random, NOW),
        random.nextInt(4) == 0);
  }
}
