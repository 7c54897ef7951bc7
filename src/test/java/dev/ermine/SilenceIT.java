package dev.ermine;

import static dev.ermine.testing.DiscreetRegions.AHEAD;
import static dev.ermine.testing.DiscreetRegions.DISSENTER;
import static dev.ermine.testing.DiscreetRegions.LABELLED;
import static dev.ermine.testing.DiscreetRegions.MUDDLED;
import static dev.ermine.testing.DiscreetRegions.OBJECTOR;
import static dev.ermine.testing.DiscreetRegions.PLAIN;
import static dev.ermine.testing.DiscreetRegions.RESTRICTED;
import static dev.ermine.testing.DiscreetRegions.SAYING;
import static dev.ermine.testing.DiscreetRegions.SILENT;
import static dev.ermine.testing.DiscreetRegions.TWIN;
import static dev.ermine.testing.DiscreetRegions.UNKNOWN;
import static dev.ermine.testing.DiscreetRegions.UNSAID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.DiscreetRegions;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.RankSum;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What regions keep back, through the packaged gateway: who asks cannot tell it from absence. */
class SilenceIT {

  private static final String TYPES = "Patient,Observation,DiagnosticReport,List,DocumentReference";

  /** Pairs of one comparison; the long one is in {@code ./ermine soak}. */
  private static final int PAIRS = Integer.getInteger("ermine.silence-pairs", 100);

  @TempDir static Path directory;
  private static Sandbox sandbox;
  private static DiscreetRegions regions;
  private static GatewayProcess gateway;
  private static Asker doctor;

  @BeforeAll
  static void open() throws IOException {
    DevPki pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    regions = DiscreetRegions.start(pki);
    gateway =
        GatewayProcess.start(
            pki,
            regions.in(GatewayProcess.regions(sandbox).replace("deadline: 3s", "deadline: 12s")),
            directory,
            Map.of());
    doctor = gateway.asker("hwe");
    for (int i = 0; i < 20; i++) {
      ask(TWIN, DiscreetRegions.ids());
    }
  }

  @AfterAll
  static void close() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    if (regions != null) {
      regions.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void whatIsWithheldSilentlyIsAbsent() {
    HttpResponse<byte[]> labelled = ask(LABELLED, PLAIN);
    HttpResponse<byte[]> twin = ask(TWIN, PLAIN);
    assertThat(Answer.of(200, twin).entries(PLAIN)).hasSize(4);
    assertThat(plain(labelled, LABELLED)).isEqualTo(plain(twin, TWIN));
    assertThat(labelled.headers().map().keySet()).isEqualTo(twin.headers().map().keySet());
    assertThat(Answer.of(labelled).header("Ermine-Account"))
        .isEqualTo(Answer.of(twin).header("Ermine-Account"));
    assertThat(plain(count(LABELLED), LABELLED)).isEqualTo(plain(count(TWIN), TWIN));
  }

  @Test
  void aReadOfItFindsNothing() {
    assertThat(read("Observation/o1-" + LABELLED).statusCode()).isEqualTo(200);
    assertThat(read("Binary/b4-" + LABELLED).statusCode()).isEqualTo(200);
    HttpResponse<byte[]> absent = read("Observation/none");
    assertThat(absent.statusCode()).isEqualTo(404);
    for (String hidden :
        List.of("Observation/o3-", "List/l1-", "Binary/b5-", "DocumentReference/d5-")) {
      HttpResponse<byte[]> found = read(hidden + LABELLED);
      assertThat(found.statusCode()).as(hidden).isEqualTo(404);
      assertThat(plain(found, LABELLED)).isEqualTo(plain(absent, LABELLED));
    }
  }

  @Test
  void anObjectionIsToldOrLooksLikeNobody() {
    Answer objector = Answer.of(200, ask(OBJECTOR, SAYING + ", " + SILENT));
    assertThat(objector.statuses())
        .containsEntry(SAYING, List.of("withheld"))
        .containsEntry(SILENT, List.of("not-matched"));
    assertThat(objector.entries()).isEmpty();
    assertThat(plain(ask(OBJECTOR, SILENT), OBJECTOR))
        .isEqualTo(plain(ask(UNKNOWN, SILENT), UNKNOWN));
  }

  @Test
  void anObjectorsEntriesAreNotAskedForWhereConsentsComeFirst() {
    ask(OBJECTOR, SILENT + ", " + AHEAD);
    for (String region : List.of(SILENT, AHEAD)) {
      assertThat(regions.asked(region))
          .filteredOn(asked -> asked.contains(OBJECTOR))
          .isNotEmpty()
          .allMatch(asked -> asked.startsWith("Patient/") || asked.startsWith("Consent/"));
    }
  }

  @Test
  void whereARegisterIsDownOthersAreNotAffected() {
    Answer answer = Answer.of(200, ask(UNSAID, DiscreetRegions.ids()));
    assertThat(answer.statuses())
        .containsEntry(PLAIN, List.of("answered"))
        .containsEntry(SAYING, List.of("consent-unknown"))
        .containsEntry(SILENT, List.of("consent-unknown"))
        .containsEntry(AHEAD, List.of("answered"));
    assertThat(answer.header("Ermine-Account")).contains("all-answered=?0");
    assertThat(answer.resource().has("total")).isFalse();
  }

  @Test
  void aConsentThatMeansNothingLeavesItUnknown() {
    assertThat(Answer.of(200, ask(MUDDLED, PLAIN + ", " + AHEAD)).statuses())
        .containsEntry(PLAIN, List.of("answered"))
        .containsEntry(AHEAD, List.of("consent-unknown"));
  }

  @Test
  void dissentIsToldOrLooksLikeNobody() {
    assertThat(Answer.of(200, ask(DISSENTER, SAYING + ", " + SILENT)).statuses())
        .containsEntry(SAYING, List.of("withheld"))
        .containsEntry(SILENT, List.of("not-matched"));
  }

  @Test
  void aRestrictedPatientIsKnownNowhere() {
    String all = DiscreetRegions.ids();
    assertThat(plain(ask(RESTRICTED, all), RESTRICTED))
        .isEqualTo(plain(ask(UNKNOWN, all), UNKNOWN));
    assertThat(
            doctor
                .read("/regions/plain/fhir/Observation/o1-" + RESTRICTED, RESTRICTED)
                .statusCode())
        .isEqualTo(404);
  }

  /** One comparison in a hundred looks like a difference by chance, three in a row do not. */
  @Test
  void timeDoesNotTellThemApart() {
    assertThat(List.of(1, 2, 3)).anyMatch(_ -> compared() > 0.01);
  }

  private static double compared() {
    RankSum times = new RankSum();
    for (int i = 0; i < PAIRS; i++) {
      if (i % 2 == 0) {
        times.add(took(LABELLED), took(TWIN));
      } else {
        long twin = took(TWIN);
        times.add(took(LABELLED), twin);
      }
    }
    return times.p();
  }

  private static long took(String patient) {
    long began = System.nanoTime();
    int status = ask(patient, PLAIN).statusCode();
    long took = System.nanoTime() - began;
    assertThat(status).isEqualTo(200);
    return took;
  }

  private static HttpResponse<byte[]> ask(String patient, String regions) {
    return ask(patient, regions, "");
  }

  private static HttpResponse<byte[]> count(String patient) {
    return ask(patient, PLAIN, "&_summary=count");
  }

  private static HttpResponse<byte[]> ask(String patient, String regions, String more) {
    String form =
        Asker.encode(Map.of("_type", TYPES, "patient.identifier", Asker.NHS_NUMBER + patient))
            + more;
    return doctor.send(
        doctor
            .request("/fhir/_search")
            .header("Ermine-Regions", regions)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  private static HttpResponse<byte[]> read(String reference) {
    return doctor.read("/regions/plain/fhir/" + reference, LABELLED);
  }

  /** The answer but for the patient's number, ids and instants of its own. */
  private static String plain(HttpResponse<byte[]> answer, String patient) {
    return answer.statusCode()
        + " "
        + new String(answer.body(), UTF_8)
            .replace(patient, "NUMBER")
            .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
            .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "INSTANT");
  }
}
