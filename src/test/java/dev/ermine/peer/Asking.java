package dev.ermine.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ermine.federation.Call;
import dev.ermine.federation.Deadline;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.federation.Room;
import dev.ermine.federation.Traceparent;
import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.document.ByteRange;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Limits;
import dev.ermine.region.Region.Lookup;
import dev.ermine.region.Region.Search;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.EvilPeer.Script;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestPki;
import dev.ermine.trace.Spans;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the tests of this floor share: keys, a region to ask, questions, and FHIR to answer with.
 */
final class Asking implements AutoCloseable {

  static final NhsNumber NUMBER = new NhsNumber("9000000009");
  static final TestPki PKI = new TestPki("test authority");
  static final TestPki.Identity SERVER = PKI.issue("localhost");
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final Traceparent TRACE =
      Traceparent.parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").orElseThrow();
  static final Limits LIMITS = new Limits(8, 1_000_000, 50, 5, 1_000);

  private static final AtomicBoolean COLD = new AtomicBoolean(true);
  private static final TestPki.Identity CLIENT = PKI.issue("gateway.example");

  static final Regions.Gateway GATEWAY =
      new Regions.Gateway("ermine-test", new Organisation("QM7", "HWE"), Duration.ofSeconds(3));

  private static final Requester REQUESTER =
      new Requester(
          new RegionId("hwe"),
          "https://hwe.example.nhs.uk",
          "10019",
          new Organisation("RQW", "Princess Alexandra Hospital"),
          Optional.empty(),
          Optional.empty(),
          List.of(new Coding("https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName", "R8000")),
          List.of(new PurposeOfUse("TREAT")),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          "jti",
          "thumbprint",
          NOW.plusSeconds(300),
          Scope.ALL);

  private static final Call CALL = new Call(REQUESTER, "req-1", "127.0.0.1", TRACE);

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  final VertxPeer peer =
      new VertxPeer(
          vertx,
          CLIENT::gateway,
          PeerCredentials.plain((question, certificate) -> () -> "a.test.token"),
          Spans.ofThisProcess(),
          Responders.silent(InstantSource.system()),
          InstantSource.fixed(NOW));

  Asking() {
    if (COLD.getAndSet(false)) {
      warmUp();
    }
  }

  /** The first handshakes of a JVM may take longer than a peer is given. */
  private void warmUp() {
    try (EvilPeer any = answering(request -> ok(searchset()))) {
      for (int i = 0; i < 5; i++) {
        ask(search(answers(any.base())));
      }
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static EvilPeer evil(Script script) {
    return new EvilPeer(PKI.server(SERVER), script);
  }

  static EvilPeer answering(Function<Request, String> answer) {
    return evil(Script.answering(answer));
  }

  /** A peer that finds the Patient, and answers other requests with {@code answer}. */
  static EvilPeer knowing(Function<Request, String> answer) {
    return answering(
        request -> isLookup(request) ? ok(searchset(patient("p1"))) : answer.apply(request));
  }

  static boolean isLookup(Request request) {
    return request.target().contains("/Patient");
  }

  static Region.Answers answers(URI base) {
    return new Region.Answers(
        base,
        List.of(),
        List.of(PKI.anchor()),
        Optional.empty(),
        new Region.Token(
            base.toString(), Region.Algorithm.ES256, Region.Token.TokenUse.QUERY, Optional.empty()),
        Lookup.TWO_STEP,
        Search.POST,
        true,
        Duration.ofSeconds(10),
        LIMITS,
        Set.of("Patient", "Condition", "Flag"));
  }

  static Region.Answers with(Region.Answers a, Limits limits) {
    return new Region.Answers(
        a.base(),
        a.documents(),
        a.anchors(),
        a.revocation(),
        a.token(),
        a.lookup(),
        a.search(),
        a.read(),
        a.budget(),
        limits,
        a.types());
  }

  static Region.Answers with(Region.Answers a, Lookup lookup, Search search, boolean read) {
    return new Region.Answers(
        a.base(),
        a.documents(),
        a.anchors(),
        a.revocation(),
        a.token(),
        lookup,
        search,
        read,
        a.budget(),
        a.limits(),
        a.types());
  }

  static Region.Answers with(Region.Answers a, Region.Wire wire) {
    return new Region.Answers(
        a.base(),
        a.documents(),
        a.anchors(),
        a.revocation(),
        a.token(),
        a.lookup(),
        a.search(),
        a.read(),
        a.sort(),
        a.budget(),
        a.limits(),
        a.types(),
        wire,
        a.gateway());
  }

  static Region region(Region.Answers answers) {
    return new Region(
        new RegionId("london"),
        "London Care Record",
        new Organisation("QMJ", "North Central London"),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.of(answers));
  }

  static PeerQuestion.Search search(Region.Answers answers, String... types) {
    return search(answers, List.of(), ResultParameters.NONE, types);
  }

  static PeerQuestion.Search search(
      Region.Answers answers, List<Parameter> filters, ResultParameters results, String... types) {
    return new PeerQuestion.Search(
        region(answers),
        GATEWAY,
        CALL,
        NUMBER,
        List.of(types),
        filters,
        results,
        new PeerQuestion.Consulting.Nowhere());
  }

  /** The same for a request that has no more room than that. */
  static PeerQuestion.Search search(Region.Answers answers, Room room, String... types) {
    return new PeerQuestion.Search(
        region(answers),
        GATEWAY,
        new Call(REQUESTER, "req-1", "127.0.0.1", TRACE, room),
        NUMBER,
        List.of(types),
        List.of(),
        ResultParameters.NONE,
        new PeerQuestion.Consulting.Nowhere());
  }

  static PeerQuestion.Read read(Region.Answers answers, String type, String id) {
    return new PeerQuestion.Read(
        region(answers), GATEWAY, CALL, NUMBER, type, id, new PeerQuestion.Consulting.Nowhere());
  }

  static PeerQuestion.Document document(Region.Answers answers, String id) {
    return document(answers, new PeerQuestion.Document.At.Binary(id), Optional.empty());
  }

  static PeerQuestion.Document document(
      Region.Answers answers, PeerQuestion.Document.At at, Optional<ByteRange> range) {
    return new PeerQuestion.Document(region(answers), GATEWAY, CALL, NUMBER, at, range);
  }

  /** The question to a service that knows people. */
  static PeerQuestion.Demographics demographics(Region.Answers answers) {
    Region service =
        new Region(
            RegionId.DEMOGRAPHICS,
            "Personal Demographics Service",
            new Organisation("X26", "NHS England"),
            Region.Status.ACTIVE,
            Optional.empty(),
            Optional.empty(),
            Optional.of(answers));
    return new PeerQuestion.Demographics(service, GATEWAY, CALL, NUMBER);
  }

  /** Asks, with time enough for anything but waiting. */
  PeerAnswer ask(PeerQuestion question) {
    return ask(question, Duration.ofSeconds(8));
  }

  PeerAnswer ask(PeerQuestion question, Duration deadline) {
    try {
      return peer.ask(question, Deadline.in(deadline))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no answer", e);
    }
  }

  static PeerAnswer missed(PeerAnswer.Miss miss) {
    return new PeerAnswer.Missed(miss);
  }

  static PeerAnswer.Miss failing(String why) {
    return new PeerAnswer.Miss.Failing(why);
  }

  static String patient(String id) {
    return patient(id, NUMBER.value());
  }

  static String patient(String id, String number) {
    return """
        {"resourceType":"Patient","id":"%s","identifier":[{"system":"%s","value":"%s"}]}"""
        .formatted(id, NhsNumber.SYSTEM, number);
  }

  static String condition(String id) {
    return """
        {"resourceType":"Condition","id":"%s","subject":{"reference":"Patient/p1"}}"""
        .formatted(id);
  }

  static String outcome(String severity, String code, String detail) {
    return """
        {"resourceType":"OperationOutcome","issue":[{"severity":"%s","code":"%s",\
        "details":{"coding":[{"system":"https://example.org/codes","code":"%s"}]}}]}"""
        .formatted(severity, code, detail);
  }

  static String searchset(String... resources) {
    return searchset(Optional.empty(), resources);
  }

  static String searchset(Optional<String> next, String... resources) {
    String link =
        next.map("\"link\":[{\"relation\":\"next\",\"url\":\"%s\"}],"::formatted).orElse("");
    String entries =
        Stream.of(resources).map(Asking::entry).collect(Collectors.joining(",", "[", "]"));
    return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",%s\"entry\":%s}"
        .formatted(link, entries);
  }

  private static String entry(String resource) {
    String mode = resource.contains("OperationOutcome") ? "outcome" : "match";
    return "{\"resource\":%s,\"search\":{\"mode\":\"%s\"}}".formatted(resource, mode);
  }

  /** The entries as the scanner has them. */
  static List<Entry> entries(String... resources) {
    byte[] body = searchset(resources).getBytes(UTF_8);
    return ((PeerBody.Searchset) BodyScanner.scan(body, body.length)).entries();
  }

  static Entry alone(String resource) {
    byte[] body = resource.getBytes(UTF_8);
    return ((PeerBody.Resource) BodyScanner.scan(body, body.length)).entry();
  }

  static String ok(String body) {
    return response("200 OK", body);
  }

  static String response(String status, String body, String... headers) {
    return head(status, body.getBytes(UTF_8).length, headers) + body;
  }

  static String head(String status, long length, String... headers) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/fhir+json\r\nContent-Length: "
        + length
        + "\r\n"
        + Stream.of(headers).map(header -> header + "\r\n").collect(Collectors.joining())
        + "\r\n";
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
