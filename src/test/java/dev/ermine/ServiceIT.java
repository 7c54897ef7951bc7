package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.Callers;
import dev.ermine.testing.Callers.Asked;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.Service;
import dev.ermine.testing.Service.Pod;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service: several gateways on one {@code regions.yaml}, behind a balancer, under load. */
class ServiceIT {

  private static final int CALLERS = 9;
  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(20);

  /** In which a caller's connection may lead to a gateway that is dead already. */
  private static final Duration UNNOTICED = Duration.ofMillis(200);

  private static final Duration PAUSE = Duration.ofMillis(400);
  private static final String ALLERGIES = "/fhir/AllergyIntolerance/_search";
  private static final List<String> WHOLE = List.of("intent", "outcome");

  /** How often each gateway is restarted. */
  private static final int ROUNDS = Integer.getInteger("ermine.rounds", 1);

  @TempDir static Path directory;
  private static Sandbox sandbox;
  private static String regions;
  private static Service service;
  private static Asker doctor;

  @BeforeAll
  static void open() throws Exception {
    DevPki pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    regions =
        GatewayProcess.regions(sandbox)
            .replace("deadline: 3s", "deadline: 12s")
            .replace("budget: 1500ms", "connect: 8s\n      budget: 8s")
            .replace("budget: 1200ms", "budget: 2500ms")
            .replace("rate: 50/s", "rate: 500/s");
    service = Service.open(pki, regions, directory, DRAIN);
    doctor = service.asker("hwe");
    for (Pod cold : service.pods()) {
      await(() -> london(cold).equals("answered"));
    }
  }

  @AfterAll
  static void close() {
    if (service != null) {
      service.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void hearsOfASuspensionOnEveryGateway() throws Exception {
    String london = "  london:\n";
    int status = regions.indexOf("status: active", regions.indexOf(london));
    service.write(
        regions.substring(0, status)
            + "status: suspended\n    public: Under review.\n    #"
            + regions.substring(status));
    await(() -> service.pods().stream().allMatch(pod -> london(pod).equals("suspended")));
    service.write(regions);
    await(() -> service.pods().stream().allMatch(pod -> london(pod).equals("answered")));
  }

  @Test
  void goesOnAtAnyGateway() {
    Map<String, String> form =
        Map.of("patient.identifier", Asker.NHS_NUMBER + Stories.LONG_RECORD, "_count", "700");
    List<String> found = new ArrayList<>();
    Pod first = service.pods().getFirst();
    Answer page = Answer.of(200, doctor.search(first.address("/fhir/Observation/_search"), form));
    List<Integer> sizes = new ArrayList<>();
    Optional<String> next = Optional.of("");
    for (int i = 1; next.isPresent(); i++) {
      sizes.add(page.matches().size());
      found.addAll(page.matches());
      next = page.link("next");
      if (next.isPresent()) {
        String path = next.get().substring(next.get().indexOf("/fhir?"));
        Pod pod = service.pods().get(i % service.pods().size());
        page = Answer.of(200, doctor.get(pod.address(path)));
      }
    }
    assertThat(sizes).hasSizeGreaterThan(2);
    assertThat(found).doesNotHaveDuplicates().hasSize(2 * 1_040);
  }

  @Test
  void losesOnlyWhatIsInFlightOnAGatewayThatIsKilled() throws Exception {
    Pod victim = service.pods().get(1);
    Callers callers = callers(ServiceIT::slow);
    Instant dead;
    try (callers) {
      await(() -> callers.asked().size() >= CALLERS && inFlight(victim) > 1);
      dead = victim.kill();
      int before = callers.asked().size();
      await(() -> callers.asked().size() >= before + 2 * CALLERS);
    }
    List<Asked> failed = failed(callers);
    tell("one of three killed", callers);

    assertThat(failed).isNotEmpty().hasSizeLessThan(CALLERS);
    assertThat(failed).allSatisfy(lost -> assertThat(lost.began()).isBefore(dead.plus(UNNOTICED)));
    assertThat(unaudited(callers)).isEmpty();
    assertThat(victim.audited().torn()).hasSizeLessThan(2);
    for (Pod other : service.pods()) {
      if (other != victim) {
        assertThat(other.audited().phases()).doesNotContainKeys(ids(failed));
      }
    }

    victim.start();
    HttpRequest.Builder again = query(doctor, victim.address(ALLERGIES), "london");
    Answer.of(200, doctor.send(again.header("X-Request-Id", "again")));
    assertThat(victim.audited().phases()).containsEntry("again", WHOLE);
    assertThat(victim.audited().torn()).hasSizeLessThan(2);
  }

  @Test
  void losesNothingWhenEachGatewayIsRestartedInTurn() throws Exception {
    List<Integer> torn = torn();
    Callers callers = callers(asker -> query(asker, ALLERGIES, "london"));
    try (callers) {
      await(() -> callers.asked().size() >= 2 * CALLERS);
      for (int round = 0; round < ROUNDS; round++) {
        for (Pod pod : service.pods()) {
          pod.stop();
          pod.start();
        }
      }
      int before = callers.asked().size();
      await(() -> callers.asked().size() >= before + 2 * CALLERS);
    }
    tell("three restarted in turn", callers);

    assertThat(failed(callers)).isEmpty();
    assertThat(unaudited(callers)).isEmpty();
    assertThat(torn()).isEqualTo(torn);
    for (Pod pod : service.pods()) {
      assertThat(served(pod, callers)).as("%s has served", pod).isPositive();
    }
  }

  private static Callers callers(Function<Asker, HttpRequest.Builder> query) {
    return Callers.start(Stream.generate(() -> service.asker("hwe")).limit(CALLERS), query, PAUSE);
  }

  private static HttpRequest.Builder query(Asker asker, String address, String regions) {
    String form = Asker.encode(Map.of("patient.identifier", Asker.NHS_NUMBER + Stories.ADA_OKAFOR));
    return asker
        .request(address)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Ermine-Regions", regions)
        .POST(BodyPublishers.ofString(form));
  }

  /** One that waits for Wessex, in vain. */
  private static HttpRequest.Builder slow(Asker asker) {
    return query(asker, ALLERGIES, "london, wessex");
  }

  /**
   * London's status at a gateway; while trust changes under a query, that it is to be asked again.
   */
  private static String london(Pod pod) {
    HttpResponse<byte[]> response =
        doctor.send(query(doctor, pod.address(ALLERGIES), "london, essex-suffolk"));
    return response.statusCode() == 503
        ? "to be asked again"
        : String.join(" ", Answer.of(200, response).statuses().get("london"));
  }

  private static long inFlight(Pod pod) {
    return pod.audited().phases().values().stream().filter(List.of("intent")::equals).count();
  }

  private static List<Asked> failed(Callers callers) {
    return callers.asked().stream().filter(asked -> !asked.answered()).toList();
  }

  /** The answered ones that stand in no audit file, or not as once asked and once answered. */
  private static List<Asked> unaudited(Callers callers) {
    Map<String, List<String>> phases = service.phases();
    return callers.asked().stream()
        .filter(Asked::answered)
        .filter(asked -> !WHOLE.equals(phases.get(asked.id())))
        .toList();
  }

  private static List<Integer> torn() {
    return service.pods().stream().map(pod -> pod.audited().torn().size()).toList();
  }

  private static long served(Pod pod, Callers callers) {
    Set<String> phases = pod.audited().phases().keySet();
    return callers.asked().stream().filter(asked -> phases.contains(asked.id())).count();
  }

  private static void tell(String what, Callers callers) {
    System.out.printf(
        "%s: %d asked, %d failed, %d unaudited%n",
        what, callers.asked().size(), failed(callers).size(), unaudited(callers).size());
  }

  private static String[] ids(List<Asked> asked) {
    return asked.stream().map(Asked::id).toArray(String[]::new);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plus(SOON);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
